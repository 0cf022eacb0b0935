using IotOps.FleetConsole.Tests.Store;
using IotOps.Samples.FleetConsole.Store;
using Npgsql;

namespace IotOps.FleetConsole.DatabaseTests;

public sealed class PostgresStoreTests(PostgresServer server) : StoreContract
{
    private string? _database;

    [Fact]
    public async Task Consoles_that_write_the_same_events_at_the_same_time_count_each_once()
    {
        await using IConsoleStore other = await OpenAsync(), third = await OpenAsync();
        IConsoleStore[] stores = [Store, other, third];
        LogError[] errors = [.. Enumerable.Range(0, 2_000).Select(i => Error(Noon.AddMilliseconds(40 * i), i % 2 == 0 ? "Connect" : "Publish-In", "R", $"failure of kind {i % 5} at {i}", $"THING{i % 50:D5}", $"cert{i % 50}"))];

        await Task.WhenAll(stores.Select((store, part) => Task.Run(async () =>
        {
            // Each begins elsewhere, and all deliver all of it, as a queue does that delivers at least once.
            for (int batch = 0; batch < 20; batch++)
            {
                int begin = (batch + (7 * part)) % 20 * 100;
                await store.AppendAsync(new ConsoleBatch { Feed = "queue", Errors = errors[begin..(begin + 100)], Lifecycle = [Connected($"THING{batch:D5}", 0, Noon)] }, Cancel);
            }
        })));

        var query = new ErrorQuery(new TimeRange(Noon.AddHours(-1), Noon.AddHours(1)));
        (await other.ReadErrorChartAsync(query, Cancel)).Errors.ShouldBe(2_000);
        (await other.ReadTemplatesAsync(query, cancellationToken: Cancel)).Sum(one => one.Errors).ShouldBe(2_000);
        (await other.ReadStatusAsync(Cancel)).Events.ShouldBe(2_020);
        (await other.ReadConnectivityAsync(Noon, Cancel))[0].ShouldBe(new SegmentConnectivity("", 20, 20, 20));
    }

    [Fact]
    public async Task Days_to_come_have_their_partitions_and_days_gone_lose_them()
    {
        await Store.AppendAsync(new ConsoleBatch { Errors = [Error(Noon.AddDays(-40), "Connect", "R", "old")] }, Cancel);
        (await PartitionsAsync()).Contains($"lines_{Noon.AddDays(-40).ToUnixTimeSeconds() / 86_400}", StringComparer.Ordinal).ShouldBeTrue();

        await Store.MaintainAsync(Noon, Cancel);

        string[] days = [.. Enumerable.Range(0, 3).Select(day => $"lines_{Noon.AddDays(day).ToUnixTimeSeconds() / 86_400}")];
        (await PartitionsAsync()).Order(StringComparer.Ordinal).ShouldBe(days.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_as_it_is()
    {
        string database = await server.CreateDatabaseAsync();
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync(Cancel);
            await using var command = new NpgsqlCommand("CREATE TABLE orders (id int)", connection);
            await command.ExecuteNonQueryAsync(Cancel);
        }

        InvalidDataException refused = await Should.ThrowAsync<InvalidDataException>(PostgresConsoleStore.OpenAsync(database, cancellationToken: Cancel));
        refused.Message.ShouldContain("tables of another program");
    }

    [Theory]
    [InlineData("Host=nowhere.invalid;Username=u;Password=hunter2;Timeout=2")]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Timeout=2")]
    [InlineData("Passwort=hunter2")]
    public async Task What_cannot_be_opened_says_why_and_not_the_password(string text)
    {
        Exception refused = await Should.ThrowAsync<Exception>(PostgresConsoleStore.OpenAsync(text, cancellationToken: Cancel));
        refused.ShouldBeAssignableTo(refused is ArgumentException ? typeof(ArgumentException) : typeof(IOException));
        refused.ToString().ShouldNotContain("hunter2");
    }

    protected override async Task<IConsoleStore> OpenAsync() =>
        await PostgresConsoleStore.OpenAsync(_database ??= await server.CreateDatabaseAsync(), clock: Clock, cancellationToken: Cancel);

    protected override ValueTask EndAsync() => ValueTask.CompletedTask;

    private async Task<List<string>> PartitionsAsync()
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'lines\\_%'", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancel);
        List<string> names = [];
        while (await reader.ReadAsync(Cancel))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
