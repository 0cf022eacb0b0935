using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;
using Microsoft.Data.Sqlite;

namespace IotOps.FleetConsole.Tests.Store;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly TempDirectory _folder = new();

    private string File => Path.Combine(_folder.Path, "console.db");

    [Fact]
    public async Task A_view_of_a_day_reads_at_most_2000_rows()
    {
        // Forty templates of six event types, in three sites, each of them in every hour of three days.
        for (int day = 0; day < 3; day++)
        {
            await Store.AppendAsync(
                new ConsoleBatch
                {
                    Things = [.. Enumerable.Range(0, 30).Select(i => new ThingFacts($"THING{i:D5}", [$"site {i % 3}"], "{}"))],
                    Errors = [.. Enumerable.Range(0, 24 * 60).SelectMany(minute => Enumerable.Range(0, 8).Select(i => Line(day, minute, (8 * minute) + i)))],
                },
                Cancel);
        }

        foreach (string? segment in new[] { null, "site 1" })
        {
            foreach (double shift in new[] { 0, 3.4 })
            {
                var query = new ErrorQuery(new TimeRange(Noon.AddDays(-1).AddMinutes(shift * 5), Noon.AddMinutes(shift * 5))) { Segment = segment };
                var meter = ReadMeter.Begin();
                (await Store.ReadErrorChartAsync(query, Cancel)).Errors.ShouldBeGreaterThan(3_000);
                meter.Rows.ShouldBeLessThanOrEqualTo(2_000, $"chart of {segment ?? "all"}, shifted by {shift}");
                meter = ReadMeter.Begin();
                (await Store.ReadTemplatesAsync(query, cancellationToken: Cancel)).Count.ShouldBe(40);
                meter.Rows.ShouldBeLessThanOrEqualTo(2_000, $"templates of {segment ?? "all"}, shifted by {shift}");
            }
        }
    }

    [Fact]
    public async Task What_a_view_reads_is_found_by_an_index()
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(Cancel);
        foreach (string sql in new[]
        {
            "SELECT start, type, errors FROM type_counts WHERE size = 5 AND segment = 0 AND start >= 1 AND start < 2",
            "SELECT c.template, c.start, c.errors FROM templates t JOIN template_counts c ON c.template = t.id WHERE c.size = 5 AND c.segment = 0 AND c.start >= 1 AND c.start < 2 AND t.last_seen >= 1",
            "SELECT client, principal, address, rule FROM lines WHERE time >= 1 AND time < 2 AND template = 3 ORDER BY time DESC LIMIT 20000",
            "SELECT time, key FROM lines WHERE time >= 1 AND time < 2 AND (time, key) > (1, 2) ORDER BY time, key LIMIT 51",
            "SELECT time FROM connections WHERE client = 'a' AND time >= 1 AND time < 2 ORDER BY time DESC, version DESC, kind DESC LIMIT 5",
            "SELECT start, connected FROM connection_counts WHERE size = 5 AND segment = 0 AND start >= 1 AND start < 2",
        })
        {
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
            await using SqliteDataReader reader = await command.ExecuteReaderAsync(Cancel);
            while (await reader.ReadAsync(Cancel))
            {
                reader.GetString(3).ShouldNotStartWith("SCAN", Case.Sensitive, sql);
            }
        }
    }

    [Theory]
    [InlineData("(l.time, l.key) > (1, 2) ORDER BY l.time, l.key")]
    [InlineData("(l.time, l.key) < (1, 2) AND +template = 4 ORDER BY l.time DESC, l.key DESC")]
    public async Task Lines_of_a_client_are_found_by_its_index(string rest)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN SELECT l.line FROM lines l WHERE time / 300000 IN ({string.Join(',', Enumerable.Range(0, 288))}) AND +time >= 1 AND +time < 2 AND client = 3 AND {rest} LIMIT 51";
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(Cancel);
        (await reader.ReadAsync(Cancel)).ShouldBeTrue();
        reader.GetString(3).ShouldStartWith("SEARCH l USING INDEX lines_client (<expr>=? AND client=?", Case.Sensitive);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_costs_nothing_that_was_accepted()
    {
        await Store.AppendAsync(new ConsoleBatch { Feed = "f", Position = "1"u8.ToArray(), Errors = [Error(Noon, "Connect", "R", "first")] }, Cancel);
        await Store.DisposeAsync();
        await LimitAsync();
        await using IConsoleStore full = await OpenAsync(pages: true);
        LogError[] many = [.. Enumerable.Range(0, 20_000).Select(i => Error(Noon.AddMilliseconds(i), "Connect", "R", $"more {i} {new string('x', 200)}"))];

        IOException refused = await Should.ThrowAsync<IOException>(full.AppendAsync(new ConsoleBatch { Feed = "f", Position = "2"u8.ToArray(), Errors = many }, Cancel));

        refused.Message.ShouldContain("is full");
        refused.Message.ShouldContain(File);
        (await full.ReadPositionAsync("f", Cancel)).ShouldNotBeNull().ToArray().ShouldBe("1"u8.ToArray());
        (await full.ReadErrorChartAsync(new ErrorQuery(new TimeRange(Noon.AddHours(-1), Noon.AddHours(1))), Cancel)).Errors.ShouldBe(1);

        // With room again it goes on: nothing that was learned from the batch that failed is in the way.
        await using IConsoleStore again = await OpenAsync();
        (await again.AppendAsync(new ConsoleBatch { Errors = many[..100] }, Cancel)).Added.ShouldBe(100);
        (await again.ReadTemplatesAsync(new ErrorQuery(new TimeRange(Noon.AddHours(-1), Noon.AddHours(1))), cancellationToken: Cancel)).Sum(one => one.Errors).ShouldBe(101);
    }

    [Fact]
    public async Task A_batch_that_failed_leaves_a_store_that_goes_on()
    {
        // The same instance: its caches are those of a transaction that was rolled back.
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using (SqliteCommand trigger = connection.CreateCommand())
        {
            trigger.CommandText = "CREATE TRIGGER full BEFORE INSERT ON feeds WHEN NEW.feed = 'bad' BEGIN SELECT RAISE(ABORT, 'the last statement of the batch failed'); END";
            await trigger.ExecuteNonQueryAsync(Cancel);
        }

        var batch = new ConsoleBatch { Things = [new ThingFacts("A", ["north"], "{}")], Errors = [Error(Noon, "Connect", "R", "words", "A", "principal")] };
        (await Should.ThrowAsync<IOException>(Store.AppendAsync(batch with { Feed = "bad" }, Cancel))).Message.ShouldContain("the last statement");
        (await Store.AppendAsync(batch with { Feed = "good" }, Cancel)).Added.ShouldBe(2);

        TimeRange day = new(Noon.AddHours(-1), Noon.AddHours(1));
        (await Store.ReadErrorChartAsync(new ErrorQuery(day) { Segment = "north" }, Cancel)).Errors.ShouldBe(1);
        (await Store.ReadValuesAsync(new ErrorQuery(day), cancellationToken: Cancel)).Principals.Top.ShouldBe([KeyValuePair.Create("principal", 1L)]);
        (await Store.ReadTemplatesAsync(new ErrorQuery(day), cancellationToken: Cancel)).ShouldHaveSingleItem().Template.Text.ShouldBe("words");
    }

    [Fact]
    public async Task A_file_of_another_program_is_left_as_it_is()
    {
        string other = Path.Combine(_folder.Path, "other.db"), text = Path.Combine(_folder.Path, "text.db");
        await using (var connection = new SqliteConnection($"Data Source={other};Pooling=False"))
        {
            await connection.OpenAsync(Cancel);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE orders (id INTEGER)";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        await System.IO.File.WriteAllTextAsync(text, "This is a letter, and a long one, so that it has a header's length and more than that in all." + new string('.', 100), Cancel);
        (await Should.ThrowAsync<InvalidDataException>(SqliteConsoleStore.OpenAsync(other, cancellationToken: Cancel))).Message.ShouldContain("another program");
        (await Should.ThrowAsync<InvalidDataException>(SqliteConsoleStore.OpenAsync(text, cancellationToken: Cancel))).Message.ShouldContain("not a SQLite database");
        (await System.IO.File.ReadAllTextAsync(text, Cancel)).ShouldStartWith("This is a letter");
    }

    [Fact]
    public void Nobody_else_of_the_machine_reads_the_file()
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    protected override Task<IConsoleStore> OpenAsync() => OpenAsync(pages: false);

    protected override ValueTask EndAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static LogError Line(int day, int minute, int i) => Error(
        Noon.AddDays(-2.5 + day).AddMinutes(minute).AddSeconds(7 * (i % 8)), $"Type{i % 40 % 6}", $"REASON{i % 40}", $"failure {i}", $"THING{i % 30:D5}");

    private async Task<IConsoleStore> OpenAsync(bool pages) => await SqliteConsoleStore.OpenAsync(File, clock: Clock, maxPages: pages ? 200 : null, cancellationToken: Cancel);

    // The log into the file, so that the file has its size.
    private async Task LimitAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
