using Amazon.DynamoDBv2;
using IotOps.Detect;
using IotOps.Detect.Tests.Quarantine;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Detect;

/// <summary>The contract of quarantine journals on moto's DynamoDB.</summary>
public sealed class DynamoQuarantineJournalTests(InteropPeers peers) : QuarantineJournalContract, IDisposable
{
    private readonly string _table = $"quarantine-{Guid.NewGuid():N}";
    private AmazonDynamoDBClient? _client;

    public void Dispose() => _client?.Dispose();

    protected override async Task<IQuarantineJournal> OpenAsync()
    {
        _client = await MotoClients.DynamoAsync(peers);
        var journal = new DynamoQuarantineJournal(_client, _table);
        await journal.CreateTableAsync(cancellationToken: Token);
        return journal;
    }

    protected override Task<T[]> AtOnceAsync<T>(IEnumerable<Func<Task<T>>> calls) => MotoClients.InTurnAsync(calls);

    [Fact]
    public async Task A_table_that_exists_is_left_as_it_is()
    {
        await using var journal = (DynamoQuarantineJournal)await OpenAsync();
        await journal.StartAsync(Start("v-1", Now), Now.AddHours(-1), 1, Token);

        await journal.CreateTableAsync(cancellationToken: Token);

        (await journal.ReadAsync("v-1", Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_an_error_that_names_it()
    {
        using AmazonDynamoDBClient client = await MotoClients.DynamoAsync(peers);
        await using var journal = new DynamoQuarantineJournal(client, "nowhere");

        (await Should.ThrowAsync<IOException>(() => journal.ReadAsync("v-1", Token))).Message.ShouldContain("nowhere");
    }
}
