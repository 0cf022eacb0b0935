using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Fleet;

/// <summary>The calls of IotOps.Fleet that moto answers, on a fleet that boto3 made there.</summary>
public sealed class FleetOnMotoTests(InteropPeers peers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_groups_things_and_executions_are_those_that_boto3_sees()
    {
        await peers.MotoAsync();
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().AddMinutes(-5).ToUnixTimeMilliseconds());
        string machine = (await BotoAsync("make", $"{now.ToUnixTimeMilliseconds()}")).GetProperty("machine").GetString()!;

        using AwsClient logs = await ClientAsync(AwsService.CloudWatchLogs);
        var source = new IotLogSource(logs);
        var reader = new IotLogReader();
        List<IotLogEntry> entries = await source.ReadAsync(now, now.AddMinutes(1), Cancelled).Select(line => reader.Read(line.Message.Span, line.Time)).ToListAsync(Cancelled);
        entries.Select(entry => entry.ClientId).ShouldBe(Enumerable.Range(0, 300).Select(i => $"THING{i:D5}"));
        entries.ShouldAllBe(entry => entry.IsError);
        source.Checkpoint!.Time.ShouldBe(now.AddMilliseconds(299));

        using AwsClient iot = await ClientAsync(AwsService.Iot);
        var index = new FleetIndex(iot);
        FleetGroup north = await index.DescribeGroupAsync("north", Cancelled);
        (north.IsDynamic, north.Parent, north.Description, north.Attributes["site"]).ShouldBe((false, "all", "Site 1", "1"));
        (await index.ThingsInGroupAsync("north", cancellationToken: Cancelled).ToListAsync(Cancelled)).ShouldBe(["THING00001", "THING00002"], ignoreOrder: true);
        (await index.SearchAsync(FleetQuery.Parse("attributes.site:2"), Cancelled).Select(thing => thing.Name).ToListAsync(Cancelled)).ShouldBe(["THING00002"]);

        using AwsClient states = await ClientAsync(StartExecutionHandler.Service);
        var handler = new StartExecutionHandler(states, machine);
        foreach (string key in new[] { "a/1", "a/1", "a/2" })
        {
            await handler.HandleAsync(new RoutedMessage(RoutedMessageKind.RuleMessage, key, Encoding.UTF8.GetBytes($$"""{"key":"{{key}}"}""")), Cancelled);
        }

        (await BotoAsync("executions", machine)).GetProperty("inputs").EnumerateArray().Select(input => input.GetString()).Order(StringComparer.Ordinal)
            .ShouldBe(["""{"key":"a/1"}""", """{"key":"a/2"}"""]);
    }

    [Fact]
    public async Task Selectors_that_are_written_are_put_on_a_trail_and_read_back_equal()
    {
        await peers.MotoAsync();
        string written = Encoding.UTF8.GetString(EventSelectors.AllGreengrassData().ToUtf8Json());

        JsonElement read = (await BotoAsync("selectors", written)).GetProperty("selectors");

        JsonElement.DeepEquals(read, JsonElement.Parse(written)).ShouldBeTrue(read.ToString());
        EventSelectors.Parse(read.ToString()).All.Count.ShouldBe(EventSelectors.AllGreengrassData().All.Count);
    }

    private async Task<AwsClient> ClientAsync(AwsService service) => new(new AwsClientOptions
    {
        Service = service,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("test", "test"),
        Endpoint = await peers.MotoAsync(),
    });

    private async Task<JsonElement> BotoAsync(params string[] arguments) => JsonElement.Parse(await PeerCommand.RunAsync(
        peers.Require("boto3").Program,
        [Path.Combine(AppContext.BaseDirectory, "Fleet", "moto_fleet.py"), .. arguments],
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL"] = (await peers.MotoAsync()).ToString(),
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_DEFAULT_REGION"] = "us-east-1",
        }));
}
