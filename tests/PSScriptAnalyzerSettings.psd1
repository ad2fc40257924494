@{
    ExcludeRules = @(
        'PSUseBOMForUnicodeEncodedFile'
        # Keys here are made up.
        'PSAvoidUsingConvertToSecureStringWithPlainText'
        # The rules look into one script block: what Pester's BeforeAll assigns, and what another block reads, they do not see.
        'PSUseDeclaredVarsMoreThanAssignments'
        'PSReviewUnusedParameter'
        # A key source of a test counts its calls there, whatever scope it runs in.
        'PSAvoidGlobalVars'
        # Functions of a test are for that test.
        'PSUseShouldProcessForStateChangingFunctions'
        'PSUseSingularNouns'
        'PSAvoidUsingPositionalParameters'
        'PSAvoidOverwritingBuiltInCmdlets'
        # Tests do what the module has to cope with.
        'PSAvoidUsingAllowUnencryptedAuthentication'
        'PSAvoidUsingEmptyCatchBlock'
        'PSAvoidUsingInvokeExpression'
        'PSAvoidUsingWriteHost'
    )
}
