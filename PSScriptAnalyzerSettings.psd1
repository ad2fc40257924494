# For scripts that people use or run; tests have their own settings.
@{
    ExcludeRules = @(
        # .editorconfig says UTF-8 without one.
        'PSUseBOMForUnicodeEncodedFile'
        # An agent's variable and a provider's answer have keys as text.
        'PSAvoidUsingConvertToSecureStringWithPlainText'
    )
}
