using System.Text;

namespace IotOps.Detect.Tests.Storing;

/// <summary>What every store promises, whatever lies under it.</summary>
public abstract class DetectStoreContract
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty store.</summary>
    protected abstract Task<IDetectStore> OpenAsync();

    /// <summary>Waits until an index that lags behind its table must have caught up.</summary>
    protected virtual Task SettleAsync() => Task.CompletedTask;

    /// <summary>Starts calls at the same time. Where requests are not isolated from one another, they run one after the other.</summary>
    protected virtual Task<T[]> AtOnceAsync<T>(IEnumerable<Func<Task<T>>> calls) => Task.WhenAll(calls.Select(call => call()));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thing_without_a_record_is_left_out()
    {
        await using IDetectStore store = await OpenAsync();
        (await store.ReadAsync(["pump-1"], Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_committed_record_is_read_back_with_its_version()
    {
        await using IDetectStore store = await OpenAsync();
        (await CommitAsync(store, Change("pump-1", 0, "a"), Change("pump/2 ü", 0, ""))).ShouldBeEmpty();
        (await CommitAsync(store, Change("pump-1", 1, "b"))).ShouldBeEmpty();

        DetectRecord[] records = [.. (await store.ReadAsync(["pump-1", "pump/2 ü", "pump-3"], Token)).OrderBy(record => record.Thing, StringComparer.Ordinal)];
        records.Select(record => (record.Thing, record.Version, Text(record.State))).ShouldBe([("pump-1", 2L, "b"), ("pump/2 ü", 1L, "")]);
    }

    [Fact]
    public async Task A_change_over_another_version_is_refused_whole_and_alone()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(store, Change("pump-1", 0, "first"));

        IReadOnlyList<string> refused = await CommitAsync(
            store,
            Change("pump-1", 0, "new again", alarms: Alarm("lost-1")),
            Change("pump-2", 3, "never there", alarms: Alarm("lost-2")),
            Change("pump-3", 0, "good", alarms: Alarm("kept")));

        refused.Order(StringComparer.Ordinal).ShouldBe(["pump-1", "pump-2"]);
        (await store.ReadAsync(["pump-1", "pump-2", "pump-3"], Token)).Select(record => Text(record.State)).Order(StringComparer.Ordinal).ShouldBe(["first", "good"]);
        await SettleAsync();
        (await ClaimAsync(store, Now.AddMinutes(2))).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Of_two_workers_that_change_one_record_one_succeeds()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(store, Change("pump-1", 0, "0"));

        IReadOnlyList<string>[] refused = await AtOnceAsync(Enumerable.Range(0, 8).Select(i => new Func<Task<IReadOnlyList<string>>>(() => CommitAsync(store, Change("pump-1", 1, $"{i}")))));

        refused.Count(things => things.Count == 0).ShouldBe(1);
        (await store.ReadAsync(["pump-1"], Token)).Single().Version.ShouldBe(2);
    }

    [Fact]
    public async Task Things_are_due_from_their_time_on_the_earliest_first_and_until_it_is_changed()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(
            store, Change("late", 0, "", Now.AddSeconds(2)), Change("early", 0, "", Now.AddSeconds(-5)), Change("exact", 0, "", Now), Change("never", 0, ""));
        await SettleAsync();
        (await store.ReadDueAsync(Now, 10, Token)).ShouldBe(["early", "exact"]);
        (await store.ReadDueAsync(Now.AddSeconds(2), 2, Token)).ShouldBe(["early", "exact"]);

        await CommitAsync(store, Change("early", 1, ""), Change("exact", 1, "", Now.AddSeconds(1)));
        await SettleAsync();
        (await store.ReadDueAsync(Now.AddSeconds(5), 10, Token)).ShouldBe(["exact", "late"]);
    }

    [Fact]
    public async Task A_claimed_alarm_belongs_to_its_worker_until_the_claim_ends_and_is_gone_when_removed()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(store, Change("pump-1", 0, "", alarms: [Alarm("b", 1), Alarm("a", 2)]));
        await SettleAsync();
        (await ClaimAsync(store, Now)).ShouldBe(["b", "a"]);
        await SettleAsync();
        (await ClaimAsync(store, Now.AddSeconds(59))).ShouldBeEmpty();

        await store.RemoveAlarmsAsync(["a", "unknown"], Token);
        await SettleAsync();
        (await ClaimAsync(store, Now.AddSeconds(60))).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_claimed_alarm_is_what_was_committed()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(store, Change("pump-1", 0, "", alarms: Alarm("a", 7)));
        await SettleAsync();
        StoredAlarm alarm = (await store.ClaimAlarmsAsync(Now.AddMinutes(1), Now.AddMinutes(2), 10, Token)).Single();
        (alarm.Id, alarm.Time, Text(alarm.Json)).ShouldBe(("a", Now.AddSeconds(7), """{"id":"a"}"""));
    }

    [Fact]
    public async Task Two_workers_claim_each_alarm_once()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(store, [.. Enumerable.Range(0, 20).Select(i => Change($"pump-{i}", 0, "", alarms: Alarm($"alarm-{i}")))]);
        await SettleAsync();
        IReadOnlyList<string>[] claimed = await AtOnceAsync(Enumerable.Range(0, 4).Select(_ => new Func<Task<IReadOnlyList<string>>>(() => ClaimAsync(store, Now.AddMinutes(1)))));
        claimed.SelectMany(ids => ids).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 20).Select(i => $"alarm-{i}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_claim_takes_no_more_than_its_limit()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(store, Change("pump-1", 0, "", alarms: [Alarm("a", 1), Alarm("b", 2), Alarm("c", 3)]));
        await SettleAsync();
        (await store.ClaimAlarmsAsync(Now.AddMinutes(1), Now.AddMinutes(2), 2, Token)).Select(alarm => alarm.Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_change_with_many_alarms_is_committed_whole_or_refused_whole()
    {
        await using IDetectStore store = await OpenAsync();
        StoredAlarm[] alarms = [.. Enumerable.Range(0, 25).Select(i => Alarm($"alarm-{i}"))];
        (await CommitAsync(store, Change("pump-1", 1, "never there", alarms: alarms))).ShouldBe(["pump-1"]);
        await SettleAsync();
        (await ClaimAsync(store, Now.AddYears(90))).ShouldBeEmpty();

        (await CommitAsync(store, Change("pump-1", 0, "", alarms: alarms))).ShouldBeEmpty();
        await SettleAsync();
        (await store.ClaimAlarmsAsync(Now, Now.AddMinutes(1), 500, Token)).Select(alarm => alarm.Id).Order(StringComparer.Ordinal)
            .ShouldBe(alarms.Select(alarm => alarm.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scan_reads_every_record_once()
    {
        await using IDetectStore store = await OpenAsync();
        await CommitAsync(store, [.. Enumerable.Range(0, 1_100).Select(i => Change($"pump-{i}", 0, new string('x', i)))]);
        List<string> seen = [];
        await foreach (DetectRecord record in store.ScanAsync(Token))
        {
            seen.Add($"{record.Thing} {record.State.Length}");
        }

        seen.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 1_100).Select(i => $"pump-{i} {i}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_document_is_written_over_the_version_that_was_read()
    {
        await using IDetectStore store = await OpenAsync();
        (await store.ReadDocumentAsync("percentiles", Token)).ShouldBeNull();
        (await store.WriteDocumentAsync(Document(0, "one"), Token)).ShouldBeTrue();
        (await store.WriteDocumentAsync(Document(0, "twice"), Token)).ShouldBeFalse();
        (await store.WriteDocumentAsync(Document(1, "two"), Token)).ShouldBeTrue();
        (await store.WriteDocumentAsync(Document(1, "late"), Token)).ShouldBeFalse();
        DetectDocument document = (await store.ReadDocumentAsync("percentiles", Token)).ShouldNotBeNull();
        (document.Version, Text(document.Content)).ShouldBe((2L, "two"));
    }

    [Fact]
    public async Task A_record_of_the_largest_size_is_kept()
    {
        await using IDetectStore store = await OpenAsync();
        byte[] state = new byte[DetectRecord.MaxStateBytes];
        state.AsSpan().Fill(200);
        (await CommitAsync(store, new DetectChange("pump-1", 0, state, null, []))).ShouldBeEmpty();
        (await store.ReadAsync(["pump-1"], Token)).Single().State.ToArray().ShouldBe(state);
    }

    [Fact]
    public async Task A_change_beyond_the_limits_is_refused_and_writes_nothing()
    {
        await using IDetectStore store = await OpenAsync();
        DetectChange good = Change("good", 0, "");
        await Should.ThrowAsync<ArgumentException>(() => CommitAsync(store, good, new DetectChange("large", 0, new byte[DetectRecord.MaxStateBytes + 1], null, [])));
        await Should.ThrowAsync<ArgumentException>(() => CommitAsync(store, good, good));
        await Should.ThrowAsync<ArgumentException>(() => CommitAsync(store, good, Change("", 0, "")));
        await Should.ThrowAsync<ArgumentException>(
            () => CommitAsync(store, good, Change("many", 0, "", alarms: [.. Enumerable.Range(0, 26).Select(i => Alarm($"{i}"))])));
        (await store.ReadAsync(["good", "large", "many"], Token)).ShouldBeEmpty();
    }

    private static Task<IReadOnlyList<string>> CommitAsync(IDetectStore store, params DetectChange[] changes) => store.CommitAsync(changes, Token);

    private static async Task<IReadOnlyList<string>> ClaimAsync(IDetectStore store, DateTimeOffset now) =>
        [.. (await store.ClaimAlarmsAsync(now, now.AddMinutes(1), 100, Token)).Select(alarm => alarm.Id)];

    private static DetectChange Change(string thing, long version, string state, DateTimeOffset? due = null, params StoredAlarm[] alarms) =>
        new(thing, version, Encoding.UTF8.GetBytes(state), due, alarms);

    private static StoredAlarm Alarm(string id, int second = 0) => new(id, Now.AddSeconds(second), Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""));

    private static DetectDocument Document(long version, string content) => new("percentiles", version, Encoding.UTF8.GetBytes(content));

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
