using Amazon.DynamoDBv2;
using IotOps.Detect;
using IotOps.Detect.Tests.Storing;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Detect;

/// <summary>The contract of stores on moto's DynamoDB.</summary>
public sealed class DynamoDetectStoreTests(InteropPeers peers) : DetectStoreContract, IDisposable
{
    private readonly string _table = $"detect-{Guid.NewGuid():N}";
    private AmazonDynamoDBClient? _client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client?.Dispose();

    protected override async Task<IDetectStore> OpenAsync()
    {
        _client = await MotoClients.DynamoAsync(peers);
        var store = new DynamoDetectStore(_client, new DynamoDetectStoreOptions { Table = _table });
        await store.CreateTableAsync(Token);
        return store;
    }

    protected override Task<T[]> AtOnceAsync<T>(IEnumerable<Func<Task<T>>> calls) => MotoClients.InTurnAsync(calls);

    [Fact]
    public async Task A_table_that_exists_is_left_as_it_is()
    {
        await using var store = (DynamoDetectStore)await OpenAsync();
        await store.CommitAsync([new DetectChange("pump-1", 0, new byte[] { 1 }, null, [])], Token);
        await store.CreateTableAsync(Token);
        (await store.ReadAsync(["pump-1"], Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_an_error_that_names_it()
    {
        using AmazonDynamoDBClient client = await MotoClients.DynamoAsync(peers);
        var store = new DynamoDetectStore(client, new DynamoDetectStoreOptions { Table = "nowhere" });
        (await Should.ThrowAsync<IOException>(() => store.ReadAsync(["pump-1"], Token))).Message.ShouldContain("nowhere");
    }
}
