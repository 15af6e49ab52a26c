/// The command line.
package io.hyperactor.cli;
