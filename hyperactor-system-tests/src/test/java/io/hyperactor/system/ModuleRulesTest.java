package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class ModuleRulesTest {
    private static final String PLANTED = "io.hyperactor.system.planted";

    private static final JavaClasses ours =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.hyperactor");
    private static final JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);

    static List<ArchRule> rules() {
        return ModuleRules.of("io.hyperactor");
    }

    static List<ArchRule> rulesForPlantedBreaches() {
        return ModuleRules.of(PLANTED);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void ourModulesKeepTheRule(ArchRule rule) {
        rule.check(ours);
    }

    @ParameterizedTest
    @MethodSource("rulesForPlantedBreaches")
    void aPlantedBreachIsFound(ArchRule rule) {
        assertThat(rule.evaluate(planted).getFailureReport().getDetails()).hasSize(1);
    }
}
