using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

/// <summary>FleetTool's quarantine commands as processes, on the emulator.</summary>
public sealed class QuarantineCommandTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private AwsEmulator _emulator = null!;
    private AwsClient _iot = null!;
    private DeviceCertificate _certificate = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        _iot = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.Iot,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey),
            Endpoint = _emulator.Endpoint,
        });
        _certificate = _emulator.Iot.IssueDeviceCertificate("pump-1");
        await SendAsync("POST", ["thing-groups", "quarantine"], "");
        await SendAsync("POST", ["policies", "deny"], """{"policyDocument":"{\"Statement\":[]}"}""");
    }

    public async ValueTask DisposeAsync()
    {
        _iot.Dispose();
        await _emulator.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_quarantine_is_planned_tried_run_undone_and_looked_at()
    {
        (int exit, string output, _) = await RunAsync("", "plan", "pump-1", "--violation", "v-1", "--group", "quarantine", "--deny-policy", "deny", "--reason", "exfiltrates", "--out", Plan);
        (exit, output.StartsWith("Quarantine of pump-1 for violation v-1: exfiltrates", StringComparison.Ordinal)).ShouldBe((0, true), output);

        (exit, output, _) = await JournalledAsync("", "run", Plan);
        (exit, output.Contains("A dry run: nothing was changed. --execute carries it out.", StringComparison.Ordinal)).ShouldBe((0, true), output);
        (await StatusAsync()).ShouldBe("ACTIVE");

        (exit, output, string error) = await JournalledAsync("no\n", "run", Plan, "--execute");
        (exit, error.Contains("Type pump-1 to do it: Nothing was changed.", StringComparison.Ordinal)).ShouldBe((1, true), error);
        (await StatusAsync()).ShouldBe("ACTIVE");

        (exit, output, _) = await JournalledAsync("pump-1\n", "run", Plan, "--execute", "--by", "ops");
        (exit, output.Contains("v-1: pump-1 is quarantined", StringComparison.Ordinal)).ShouldBe((0, true), output);
        (await StatusAsync()).ShouldBe("INACTIVE");

        (exit, output, _) = await JournalledAsync("", "revoke", "v-1", "--approved-by", "chief", "--reason", "sure", "--yes");
        (exit, output.Contains("may be revoked from", StringComparison.Ordinal)).ShouldBe((1, true), output);

        (exit, output, _) = await JournalledAsync("", "undo", "v-1");
        (exit, output.StartsWith("A dry run", StringComparison.Ordinal)).ShouldBe((0, true), output);
        (await StatusAsync()).ShouldBe("INACTIVE");

        (exit, output, _) = await JournalledAsync("", "undo", "v-1", "--reason", "false alarm", "--yes");
        (exit, await StatusAsync()).ShouldBe((0, "ACTIVE"), output);

        (exit, output, _) = await JournalledAsync("", "status", "--json");
        ((string?)JsonNode.Parse(output)!["state"]).ShouldBe("Undone");
        (exit, output, _) = await JournalledAsync("", "status", "v-1", "--entries");
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string?)JsonNode.Parse(line)!["kind"]).ShouldContain(kind => kind == "UndoStarted");
    }

    [Fact]
    public async Task One_step_is_undone_and_a_step_that_others_came_after_is_refused()
    {
        await RunAsync("", "plan", "pump-1", "--violation", "v-1", "--group", "quarantine", "--deny-policy", "deny", "--reason", "exfiltrates", "--out", Plan);
        await JournalledAsync("", "run", Plan, "--yes");

        (int exit, string output, _) = await JournalledAsync("", "undo", "v-1", "--step", "1", "--yes");
        (exit, output.Contains("is not undone while step 4 (AttachPolicy deny to certificate", StringComparison.Ordinal)).ShouldBe((1, true), output);
        (await StatusAsync()).ShouldBe("INACTIVE");

        (exit, output, _) = await JournalledAsync("", "undo", "v-1", "--step", "3");
        (exit, output.Contains("--execute undoes step 3 if it says how.", StringComparison.Ordinal)).ShouldBe((0, true), output);
        (exit, output, _) = await JournalledAsync("", "undo", "v-1", "--step", "3", "--yes", "--json");
        JsonNode status = JsonNode.Parse(output)!;
        (exit, (string?)status["state"], (string?)status["steps"]![2]!["state"]).ShouldBe((0, "Undoing", "Undone"));
        (await StatusAsync()).ShouldBe("INACTIVE");
    }

    [Fact]
    public async Task A_plan_that_is_refused_says_why_and_is_not_run()
    {
        (int exit, string output, _) = await RunAsync("", "plan", "pump-1", "--violation", "v-1", "--group", "none", "--out", Plan, "--json");
        (exit, (string?)JsonNode.Parse(output)!["refusals"]![0]!["kind"]).ShouldBe((1, "MissingResource"));

        (exit, output, _) = await JournalledAsync("", "run", Plan, "--yes");

        (exit, output.Contains("Refused: There is no thing group none. Create it.", StringComparison.Ordinal)).ShouldBe((1, true), output);
        (await StatusAsync()).ShouldBe("ACTIVE");
    }

    [Theory]
    [InlineData(2, "give --journal DIRECTORY or --journal-table NAME", "status")]
    [InlineData(2, "give a PLAN or --violation ID", "run", "--journal", "j")]
    [InlineData(1, "The journal has no quarantine for violation 'v-9'.", "undo", "v-9", "--journal", "j")]
    [InlineData(1, "There is no thing 'none'", "plan", "none", "--violation", "v-1", "--group", "quarantine")]
    [InlineData(2, "--approved-by NAME is missing", "revoke", "v-1", "--reason", "x")]
    public async Task A_command_line_that_cannot_be_is_refused(int code, string message, params string[] arguments)
    {
        (int exit, _, string error) = await RunAsync("", [.. arguments.Select(argument => argument == "j" ? _directory["journal"] : argument)]);

        (exit, error.Contains(message, StringComparison.Ordinal)).ShouldBe((code, true), error);
    }

    private string Plan => _directory["plan.json"];

    private Task<(int Exit, string Output, string Error)> JournalledAsync(string input, params string[] arguments) => RunAsync(input, [.. arguments, "--journal", _directory["journal"]]);

    private async Task<string> StatusAsync() =>
        (string)(await SendAsync("GET", ["certificates", _certificate.CertificateId], ""))["certificateDescription"]!["status"]!;

    private async Task<JsonNode> SendAsync(string method, string[] segments, string body) =>
        JsonNode.Parse((await _iot.SendAsync(new AwsRequest { Operation = "SetUp", Method = new HttpMethod(method), Segments = segments, Body = Encoding.UTF8.GetBytes(body) })).Body.Span)!;

    private Task<(int Exit, string Output, string Error)> RunAsync(string input, params string[] arguments) => FleetProcess.RunAsync(_emulator, input, ["quarantine", .. arguments]);
}
