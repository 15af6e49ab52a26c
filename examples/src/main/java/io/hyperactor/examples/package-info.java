/// Small programs that show how to use it.
package io.hyperactor.examples;
