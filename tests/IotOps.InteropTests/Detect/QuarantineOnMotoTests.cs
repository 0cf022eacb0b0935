using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Detect;
using IotOps.Detect.Tests.Quarantine;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Detect;

/// <summary>
/// The runbook on moto's AWS IoT with its journal in moto's DynamoDB, killed at every point. moto has no DeleteConnection, which it answers with 500,
/// and detaches no policy twice.
/// </summary>
public sealed class QuarantineOnMotoTests(InteropPeers peers)
{
    private const string Document = """{"policyDocument":"{\"Statement\":[]}"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quarantine_that_is_killed_at_every_point_is_held_undone_and_revoked()
    {
        using var transport = new KilledTransport();
        using AwsClient iot = await ClientAsync(AwsService.Iot, transport), data = await ClientAsync(AwsService.IotData, transport);
        using AmazonDynamoDBClient dynamo = await MotoClients.DynamoAsync(peers);
        var table = new DynamoQuarantineJournal(dynamo, $"quarantine-{Guid.NewGuid():N}");
        await table.CreateTableAsync(cancellationToken: Token);
        string thing = $"pump-{Guid.NewGuid():N}", group = $"quarantine-{Guid.NewGuid():N}", deny = $"deny-{Guid.NewGuid():N}";
        string arn = await SetUpAsync(iot, thing, group, deny);
        string id = arn[(arn.LastIndexOf('/') + 1)..];
        string before = await StateAsync(iot, thing, arn, id);

        QuarantineRunbook Runbook(KillSwitch kill)
        {
            transport.Kill = kill;
            return new QuarantineRunbook(new QuarantineRunbookOptions
            {
                Iot = iot,
                IotData = data,
                Journal = new KilledJournal(table, kill),
                QuarantineGroup = group,
                DenyPolicy = deny,
                HoldTime = TimeSpan.Zero,
                FleetSize = 10_000,
            });
        }

        QuarantinePlan plan = await Runbook(new KillSwitch()).PlanAsync(new QuarantineRequest("undone", thing), Token);
        transport.Changes.Clear();
        QuarantineStatus held = await ToTheEndAsync(kill => Runbook(kill).ExecuteAsync(plan, "ops", Token), more: 6);

        held.State.ShouldBe(QuarantineState.Held, held.ToText());
        held.Problem!.ShouldContain("DeleteConnection");
        (await StateAsync(iot, thing, arn, id)).ShouldBe($"INACTIVE {deny} {group}");
        string[] made = [.. transport.Changes.Where(change => !change.Contains("/connections/", StringComparison.Ordinal))];
        made.ShouldBe(made.Distinct(StringComparer.Ordinal));

        QuarantineStatus undone = await ToTheEndAsync(kill => Runbook(kill).UndoAsync("undone", "ops", "false alarm", Token));
        undone.State.ShouldBe(QuarantineState.Undone, undone.ToText());
        (await StateAsync(iot, thing, arn, id)).ShouldBe(before);

        plan = await Runbook(new KillSwitch()).PlanAsync(new QuarantineRequest("revoked", thing), Token);
        await ToTheEndAsync(kill => Runbook(kill).ExecuteAsync(plan, "ops", Token), more: 6);
        QuarantineStatus revoked = await ToTheEndAsync(kill => Runbook(kill).RevokeAsync("revoked", "chief", "confirmed", Token));
        revoked.State.ShouldBe(QuarantineState.Revoked, revoked.ToText());
        (await StateAsync(iot, thing, arn, id)).ShouldBe($"REVOKED {deny} {group}");
        (await Runbook(new KillSwitch()).UndoAsync("revoked", "ops", "", Token)).Problem!.ShouldContain("that is final");
        (await StateAsync(iot, thing, arn, id)).ShouldStartWith("REVOKED");
    }

    // Each run is killed a little further than the one before it. A connection that cannot be ended is tried again by each, which is six points.
    private static async Task<QuarantineStatus> ToTheEndAsync(Func<KillSwitch, Task<QuarantineStatus>> run, int more = 0)
    {
        for (int round = 0; round < 200; round++)
        {
            try
            {
                return await run(new KillSwitch(more + (round % 2 == 0 ? 2 : 3)));
            }
            catch (KilledException)
            {
                // The next one resumes it.
            }
        }

        throw new InvalidOperationException("The quarantine came to no end.");
    }

    private static async Task<string> SetUpAsync(AwsClient iot, string thing, string group, string deny)
    {
        await SendAsync(iot, "POST", ["things", thing], "{}");
        await SendAsync(iot, "POST", ["thing-groups", group], "{}");
        await SendAsync(iot, "POST", ["policies", deny], Document);
        string device = $"device-{Guid.NewGuid():N}";
        await SendAsync(iot, "POST", ["policies", device], Document);
        string arn = (await SendAsync(iot, "POST", ["keys-and-certificate"], "{}", [new("setAsActive", "true")])).GetProperty("certificateArn").GetString()!;
        await SendAsync(iot, "PUT", ["things", thing, "principals"], "", [], [new("x-amzn-principal", arn)]);
        await SendAsync(iot, "PUT", ["target-policies", device], $$"""{"target":"{{arn}}"}""");
        return arn;
    }

    private static async Task<string> StateAsync(AwsClient iot, string thing, string arn, string id)
    {
        JsonElement certificate = (await SendAsync(iot, "GET", ["certificates", id])).GetProperty("certificateDescription");
        JsonElement policies = (await SendAsync(iot, "POST", ["attached-policies", arn])).GetProperty("policies");
        JsonElement groups = (await SendAsync(iot, "GET", ["things", thing, "thing-groups"])).GetProperty("thingGroups");
        return $"{certificate.GetProperty("status")} {string.Join(',', policies.EnumerateArray().Select(policy => policy.GetProperty("policyName").GetString()))} "
            + string.Join(',', groups.EnumerateArray().Select(one => one.GetProperty("groupName").GetString()));
    }

    private static async Task<JsonElement> SendAsync(
        AwsClient client, string method, string[] segments, string body = "", KeyValuePair<string, string>[]? query = null, KeyValuePair<string, string>[]? headers = null)
    {
        AwsResponse response = await client.SendAsync(
            new AwsRequest { Operation = "SetUp", Method = new HttpMethod(method), Segments = segments, Query = query ?? [], Headers = headers ?? [], Body = Encoding.UTF8.GetBytes(body) }, Token);
        return response.Body.Length == 0 ? default : JsonElement.Parse(response.Body.Span);
    }

    private async Task<AwsClient> ClientAsync(AwsService service, HttpMessageHandler transport) => new(new AwsClientOptions
    {
        Service = service,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("test", "test"),
        Endpoint = await peers.MotoAsync(),
        Transport = transport,
        Retry = AwsRetryOptions.None,
    });
}
