namespace IotOps.Detect.Tests.Quarantine;

/// <summary>What every journal does.</summary>
public abstract class QuarantineJournalContract
{
    private protected static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, 123, TimeSpan.Zero);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IQuarantineJournal> OpenAsync();

    /// <summary>Starts calls at the same time. Where requests are not isolated from one another, they run one after the other.</summary>
    protected virtual Task<T[]> AtOnceAsync<T>(IEnumerable<Func<Task<T>>> calls) => Task.WhenAll(calls.Select(call => call()));

    [Fact]
    public async Task Entries_come_back_in_their_order_and_whole()
    {
        await using IQuarantineJournal journal = await OpenAsync();
        QuarantineEntry[] written =
        [
            Start("v-1", Now),
            new("v-1", 2, Now.AddSeconds(1), QuarantineEntryKind.StepBegun) { Step = 1 },
            new("v-1", 3, Now.AddSeconds(2), QuarantineEntryKind.StepFailed) { Step = 1, Note = "DeleteConnection answered 500: ü" },
            new("v-1", 4, Now.AddSeconds(3), QuarantineEntryKind.Approved) { By = "chief", Note = "confirmed" },
        ];

        (await journal.StartAsync(written[0], Now.AddHours(-1), 10, Token)).ShouldBe(QuarantineStart.Written);
        foreach (QuarantineEntry entry in written.Skip(1))
        {
            (await journal.AppendAsync(entry, Token)).ShouldBeTrue();
        }

        (await journal.ReadAsync("v-1", Token)).Select(entry => System.Text.Encoding.UTF8.GetString(entry.ToUtf8Json()))
            .ShouldBe(written.Select(entry => System.Text.Encoding.UTF8.GetString(entry.ToUtf8Json())));
        (await journal.ReadAsync("v-2", Token)).ShouldBeEmpty();
        (await journal.ListAsync(Token).ToListAsync(Token)).ShouldBe(["v-1"]);
    }

    [Fact]
    public async Task An_entry_is_written_once()
    {
        await using IQuarantineJournal journal = await OpenAsync();
        await journal.StartAsync(Start("v-1", Now), Now.AddHours(-1), 10, Token);
        (await journal.AppendAsync(new QuarantineEntry("v-1", 2, Now, QuarantineEntryKind.StepBegun) { Step = 1 }, Token)).ShouldBeTrue();

        (await journal.AppendAsync(new QuarantineEntry("v-1", 2, Now, QuarantineEntryKind.StepBegun) { Step = 1 }, Token)).ShouldBeFalse();

        (await journal.StartAsync(Start("v-1", Now), Now.AddHours(-1), 10, Token)).ShouldBe(QuarantineStart.Exists);
        (await journal.ReadAsync("v-1", Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Quarantines_begin_up_to_the_limit_since_a_time()
    {
        await using IQuarantineJournal journal = await OpenAsync();
        (await journal.StartAsync(Start("v-1", Now), Now.AddHours(-1), 2, Token)).ShouldBe(QuarantineStart.Written);
        (await journal.StartAsync(Start("v-2", Now.AddMinutes(30)), Now.AddMinutes(-30), 2, Token)).ShouldBe(QuarantineStart.Written);
        (await journal.StartAsync(Start("v-3", Now.AddMinutes(59)), Now.AddMinutes(-1), 2, Token)).ShouldBe(QuarantineStart.LimitReached);

        (await journal.StartAsync(Start("v-3", Now.AddMinutes(60)), Now, 2, Token)).ShouldBe(QuarantineStart.Written, "the first is an hour ago");
        (await journal.ReadAsync("v-3", Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Many_that_begin_at_once_keep_to_the_limit()
    {
        await using IQuarantineJournal journal = await OpenAsync();

        QuarantineStart[] starts = await AtOnceAsync(
            Enumerable.Range(0, 5).Select(i => new Func<Task<QuarantineStart>>(() => journal.StartAsync(Start($"v-{i}", Now), Now.AddHours(-1), 3, Token))));

        starts.Count(start => start == QuarantineStart.Written).ShouldBe(3);
        (await journal.ListAsync(Token).ToListAsync(Token)).Count.ShouldBe(3);
    }

    private protected static QuarantineEntry Start(string violationId, DateTimeOffset time) => new(violationId, 1, time, QuarantineEntryKind.Started)
    {
        By = "ops",
        Plan = new QuarantinePlan
        {
            ViolationId = violationId,
            Thing = "pump-1",
            ThingId = "id",
            MadeAt = time,
            HourlyLimit = 10,
            HoldTime = TimeSpan.FromHours(24),
            Steps = [new QuarantineStep(1, QuarantineStepKind.AddToGroup, "quarantine") { Before = "north" }],
        },
    };
}
