namespace KoreConnections.Tests.Keys;

/// <summary>What a rotation makes of what the platform shows before and after a change.</summary>
public sealed class KeyConfirmationTests : KeyConfirmationTestBase
{
    /// <param name="answers">Status, the end of the mask, and when it was modified: long before, in the second of the change, later. The last repeats.</param>
    [Theory]
    // Both keys end alike.
    [InlineData("200 NEWX none, 200 NEWX none", true, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 NEWX none, 500, 200 NEWX none", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 NEWX before, 200 NEWX later", true, "Updated", "GET PATCH GET")]
    // Written in the second of the change.
    [InlineData("200 - same, 500, 200 - same", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - same, 503, 200 - same", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - same, 200 - same", true, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - same, 500, 200 NEWX same", false, "Updated", "GET PATCH GET")]
    [InlineData("200 - before, 500, 200 - before", false, "Failed", "GET PATCH GET")]
    [InlineData("200 - before, 503, 200 - before, 200 - later", false, "Updated", "GET PATCH GET PATCH GET")]
    // A read that is older still, and what somebody else changed before the change was sent.
    [InlineData("200 - before, 500, 200 - older", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - before, 500, 200 - earlier", false, "Failed", "GET PATCH GET")]
    // Where somebody else changed more than the key meanwhile, the later time may be theirs alone.
    [InlineData("200 - before, 500, 200 - later", false, "Updated", "GET PATCH GET")]
    [InlineData("200 - before, 500, 200 - later other", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - before, 500, 200 - later other, 200 OLDX later", true, "RolledBack", "GET PATCH GET PATCH", 10)]
    [InlineData("200 - before, fails, 200 - later other", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - before, 502, 200 - later other", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 OLDX before, 500, 200 NEWX later other", false, "Updated", "GET PATCH GET")]
    [InlineData("200 - before, 500, 200 - before other", false, "Failed", "GET PATCH GET")]
    [InlineData("200 - before, 200 - later, 200 - later other", true, "Updated", "GET PATCH GET")]
    // A platform whose clock of modifications is behind by seconds or by an hour: the reading before would have shown what is older.
    [InlineData("200 - before, 500, 200 - behind", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - before, 204, 200 - behind", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - before, 503, 200 - behind", false, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - older, 500, 200 - before", false, "Unconfirmed", "GET PATCH GET")]
    // The same, where it accepted the change.
    [InlineData("200 - before, 200 - earlier, 200 - earlier", true, "Updated", "GET PATCH GET")]
    // The key itself says more than a time that does not move.
    [InlineData("200 - before, 200 NEWX before, 200 NEWX before", true, "Updated", "GET PATCH GET")]
    // Putting back is said to be done, and is not shown.
    [InlineData("200 - before, 200 - before, 200 - before, 200 NEWX later", true, "Unconfirmed", "GET PATCH GET PATCH")]
    [InlineData("200 - before, 200 - before, 200 - before, 200 - none, 500", true, "Unconfirmed", "GET PATCH GET PATCH GET")]
    [InlineData("200 - before, 200 - before, 200 - before, 200 - none, 200 - later", true, "RolledBack", "GET PATCH GET PATCH GET")]
    // What is older than the change, and was not there before it, is not the previous key.
    [InlineData("200 - before, 200 - later, 500, 200 - earlier", true, "Unconfirmed", "GET PATCH GET PATCH GET GET GET")]
    // Nor is the date of the change itself, after a read that was late.
    [InlineData("200 - before, 200 - later, 200 - before, 200 - before, 200 - before, 200 - before, 200 - later", true, "Unconfirmed", "GET PATCH GET GET GET GET PATCH GET GET GET", 20, 20)]
    // Of a platform whose clock is behind, it is what is later than the change.
    [InlineData("200 - before, 200 - earlier, 500, 200 - behind", true, "RolledBack", "GET PATCH GET PATCH")]
    // The attempt in doubt may have modified it after the last read.
    [InlineData("200 - before, 504, 200 - before, 200 - earlier, 500, 200 - later", true, "Unconfirmed", "GET PATCH GET PATCH GET PATCH GET GET GET", 20, 20)]
    // A refusal of what was stored all the same. Where the mask shows no end, it is taken at its word.
    [InlineData("200 - before, 400, 200 NEWX later", false, "Updated", "GET PATCH GET")]
    [InlineData("200 OLDX before, 409, 200 NEWX before", true, "Updated", "GET PATCH GET")]
    [InlineData("200 OLDX before, 422, 200 OLDX before", true, "Failed", "GET PATCH GET")]
    [InlineData("200 NEWX before, 400, 200 NEWX later", false, "Failed", "GET PATCH GET")]
    [InlineData("200 - before, 400, 200 - later", false, "Failed", "GET PATCH GET")]
    [InlineData("200 - before, 404, 404", false, "Failed", "GET PATCH GET")]
    [InlineData("200 - before, 403", false, "Failed", "GET PATCH")]
    [InlineData("200 - before, 501", true, "Failed", "GET PATCH")]
    // The end of the calendar.
    [InlineData("200 - end, 200 - end", true, "Unconfirmed", "GET PATCH GET")]
    [InlineData("200 - end, 500, 200 - end", false, "Unconfirmed", "GET PATCH GET")]
    // A read that is late.
    [InlineData("200 - before, 200 NEWX later, 200 - before, 200 NEWX later", true, "Updated", "GET PATCH GET GET")]
    [InlineData("200 - before, 200 - later, 200 - before, 200 - before, 200 - before, 200 - later", true, "Updated", "GET PATCH GET GET GET GET")]
    [InlineData("200 - before, 200 NEWX later, 200 - before", true, "RolledBack", "GET PATCH GET GET GET GET PATCH")]
    [InlineData("200 - before, 200 - before", true, "RolledBack", "GET PATCH GET PATCH")]
    // An answer with what was there before. The end that reading shows says more.
    [InlineData("200 OLDX before, 200 OLDX before, 200 NEWX later", true, "Updated", "GET PATCH GET")]
    // A lost attempt to put the previous key back may arrive after the next rotation.
    [InlineData("200 OLDX before, 200 OLDX before, 200 OLDX before, 504, 200 OLDX later", true, "RolledBack", "GET PATCH GET PATCH PATCH", 6)]
    // The platform takes no more requests for a day.
    [InlineData("200 - before, 200 - before, 429 - - 86400", true, "Unconfirmed", "GET PATCH GET")]
    // Of a change without an answer, nothing is said while it may arrive.
    [InlineData("200 - before, 500, 200 - before", true, "Failed", "GET PATCH GET", 10)]
    [InlineData("200 - before, 503, 500, 500, 200 OLDX later", true, "RolledBack", "GET PATCH GET GET PATCH", 10)]
    [InlineData("200 - before, 500, 200 - behind, 200 OLDX later", true, "RolledBack", "GET PATCH GET PATCH", 10)]
    // Accepted is not done, whatever it shows.
    [InlineData("200 OLDX before, 202 OLDX before", true, "Unconfirmed", "GET PATCH GET GET", 10)]
    [InlineData("200 OLDX before, 202 NEWX later, 200 OLDX before", true, "Unconfirmed", "GET PATCH GET GET", 10)]
    [InlineData("200 OLDX before, 202 OLDX before, 200 OLDX before, 200 NEWX later", true, "Updated", "GET PATCH GET GET", 10)]
    // What is accepted and shown is done, and what shows nothing shows no more later: hundreds of them would wait in turn.
    [InlineData("200 OLDX before, 202 OLDX before, 200 NEWX later", true, "Updated", "GET PATCH GET", 0, 0)]
    [InlineData("200 - -, 202 - -, 200 - -", true, "Unconfirmed", "GET PATCH GET", 0, 0)]
    [InlineData("200 - before, 202 - later, 200 - later", true, "Updated", "GET PATCH GET", 0, 0)]
    // What is accepted and confirmed needs no wait, though it was in doubt.
    [InlineData("200 - before, 504, 200 - before, 200 NEWX later, 200 NEWX later", true, "Updated", "GET PATCH GET PATCH GET", 0, 1)]
    public async Task OnlyWhatProvesTheChangeConfirmsIt(string answers, bool hasPrevious, string outcome, string requests, int least = 0, int most = 11)
    {
        KeyUpdateResult result = await RotateAsync(answers, hasPrevious, recorded: null);
        Assert.Equal((outcome, false), (result.Outcome, result.ErrorId == "KoreInternalError"));
        Assert.Equal(requests, string.Join(" ", _sent));
        Assert.InRange(_clock.Advanced.TotalSeconds, least, most);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task AClockThatIsSetMeanwhileNeitherDelaysARollbackNorHurriesIt(int seconds)
    {
        _clock.StepAtWait = TimeSpan.FromSeconds(seconds);
        await RotateAsync("200 - same, 500, 200 - same", hasPrevious: true, recorded: null);
        Assert.StartsWith("GET PATCH GET PATCH", string.Join(" ", _sent), StringComparison.Ordinal);
        Assert.InRange(_clock.Advanced.TotalSeconds, 10, 60);
    }

    /// <summary>The refusal of a later attempt does not say that the one in doubt changed nothing, and it may arrive after a rollback.</summary>
    [Theory]
    [InlineData("403, 200 NEWX later", false, "Updated", "PATCH GET")]
    [InlineData("403, 200 - later", false, "Updated", "PATCH GET")]
    [InlineData("403, 200 - before", false, "Failed", "PATCH GET")]
    [InlineData("403, 200 OLDX before", true, "Failed", "PATCH GET")]
    [InlineData("403, 500", false, "Unconfirmed", "PATCH GET")]
    [InlineData("403, 200 - older", false, "Unconfirmed", "PATCH GET")]
    [InlineData("403, 500, 403", true, "Unconfirmed", "PATCH GET PATCH")]
    [InlineData("401, 401", false, "Unconfirmed", "PATCH GET")]
    [InlineData("401, 200 NEWX later", false, "Updated", "PATCH GET")]
    [InlineData("400, 200 - later", true, "Updated", "PATCH GET")]
    [InlineData("404, 404", false, "Unconfirmed", "PATCH GET")]
    [InlineData("409, 200 NEWX later", true, "Updated", "PATCH GET")]
    [InlineData("423, 200 NEWX later", true, "Updated", "PATCH GET")]
    [InlineData("501, 200 NEWX later", true, "Updated", "PATCH GET")]
    [InlineData("429, 429, 429, 429, 429, 200 NEWX later", true, "Updated", "PATCH PATCH PATCH PATCH PATCH GET")]
    // It is accepted, and cannot be confirmed.
    [InlineData("200 - later, 500, 200 OLDX later", true, "RolledBack", "PATCH GET PATCH")]
    [InlineData("200 OLDX later, 200 OLDX later, 200 OLDX later", true, "RolledBack", "PATCH GET PATCH")]
    public async Task ADoubtIsNotForgotten(string answers, bool hasPrevious, string outcome, string requests)
    {
        KeyUpdateResult result = await RotateAsync("200 - before, 504, 200 - before, " + answers, hasPrevious, recorded: null);
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal("GET PATCH GET " + requests, string.Join(" ", _sent));
        Assert.InRange(_clock.Advanced.TotalSeconds, 9, 11);
        Assert.Equal(outcome == "Failed", result.Failure?.RecommendedAction?.StartsWith("The key was not changed, as reading the connection shows. Add", StringComparison.Ordinal) == true);
    }
}
