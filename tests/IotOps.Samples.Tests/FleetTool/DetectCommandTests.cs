using System.Diagnostics;
using System.Text.Json;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

/// <summary>FleetTool's detect commands as processes.</summary>
public sealed class DetectCommandTests : IDisposable
{
    private const string Behaviors = """[{"name":"ports","metric":"aws:listening-tcp-ports","criteria":{"comparisonOperator":"in-port-set","value":{"ports":[22]}}}]""";

    // One more than may wait for a report before them: they are judged at once.
    private const int Enough = 17;

    private readonly TempDirectory _directory = new();

    public DetectCommandTests()
    {
        Directory.CreateDirectory(Profiles);
        Write("profiles/everybody.json", $$"""{"securityProfileName":"everybody","behaviors":{{Behaviors}} }""");
    }

    private string Profiles => _directory["profiles"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Messages_that_were_put_are_judged_once_and_their_alarms_printed()
    {
        (int exit, string output, string error) = await FleetProcess.RunAsync(Reports("pump-1", 23) + Reports("pump-2", 22), "detect", "put", "--inbox", _directory["inbox.db"]);
        (exit, output.TrimEnd()).ShouldBe((0, "34 messages put, 0 lines are none"), error);

        (exit, output, error) = await OnceAsync("--json");
        exit.ShouldBe(0, error);
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        lines.Length.ShouldBe(2);
        lines[0].GetProperty("thingName").GetString().ShouldBe("pump-1");
        lines[0].GetProperty("violationEventType").GetString().ShouldBe("in-alarm");
        lines[0].GetProperty("why").GetProperty("value")[0].GetInt32().ShouldBe(23);
        (lines[1].GetProperty("received").GetInt32(), lines[1].GetProperty("alarms").GetInt32()).ShouldBe((34, 1));

        (exit, output, error) = await OnceAsync();
        (exit, output).ShouldBe((0, ""), error);
        error.ShouldContain("0 messages (0 unreadable)");
    }

    [Fact]
    public async Task A_line_that_is_no_message_is_named_and_the_others_are_put()
    {
        (int exit, string output, string error) = await FleetProcess.RunAsync(
            "{}\n\nnot JSON\n" + Reports("pump-1", 22), "detect", "put", "-", "--inbox", _directory["inbox.db"], "--json");

        exit.ShouldBe(1);
        output.TrimEnd().ShouldBe("""{"put":17,"unreadable":2}""");
        error.ShouldContain("line 1: It is not a message of a Detect rule");
        error.ShouldContain("line 3: The message is not JSON");
    }

    [Fact]
    public async Task A_simulated_reports_line_is_put_for_the_thing_of_its_topic()
    {
        string line = """{"topic":"$aws/things/pump-7/defender/metrics/json","timestamp":1767225600000,"payload":{"header":{"report_id":1,"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[{"port":23}],"total":1}}}}""";

        (await FleetProcess.RunAsync(line, "detect", "put", "--inbox", _directory["inbox.db"])).Exit.ShouldBe(0);

        (int exit, _, string error) = await OnceAsync();
        (exit, error.Contains("1 messages (0 unreadable), 1 events", StringComparison.Ordinal)).ShouldBe((0, true), error);
    }

    [Fact]
    public async Task Profiles_are_listed_with_what_they_are_attached_to()
    {
        Write("profiles/gateways.json", $$"""{"securityProfileName":"gateways","behaviors":{{Behaviors}} }""");
        Write("profiles/gateways.targets.json", """{"securityProfileTargets":[{"arn":"arn:aws:iot:eu-west-1:123456789012:thinggroup/Gateways"}]}""");

        (int exit, string output, string error) = await FleetProcess.RunAsync("", "detect", "check", Profiles);

        exit.ShouldBe(0, error);
        output.ShouldContain("everybody.json: everybody, 1 behavior, attached to every registered thing (there is no everybody.targets.json)");
        output.ShouldContain("gateways.json: gateways, 1 behavior, attached to thing group Gateways\n");
    }

    [Theory]
    [InlineData("a.json", "{", "a.json: ")]
    [InlineData("a.json", """{"securityProfileName":"a","behaviors":[{"name":"b"}]}""", "a.json: ")]
    [InlineData("a.json", """{"securityProfileName":"everybody","behaviors":[]}""", "there is a security profile 'everybody' in")]
    [InlineData("a.json", """{"securityProfileTargets":[]}""", "it is a list of targets; name it as its profile, with .targets.json at the end")]
    [InlineData("a.targets.json", """{"securityProfileTargets":[]}""", "a.targets.json: there is no a.json beside it")]
    [InlineData("everybody.targets.json", """{"securityProfileTargets":[{"arn":"arn:aws:s3:::b"}]}""", "everybody.targets.json: 'arn:aws:s3:::b' is not a target")]
    [InlineData("a.json", """{"securityProfileName":"a","behaviors":[{"name":"sizes","metric":"aws:message-byte-size","criteria":{"comparisonOperator":"less-than","value":{"count":5}}}]}""", "behavior 'sizes' (aws:message-byte-size)")]
    public async Task Each_profile_that_cannot_be_used_is_explained_and_none_is_run(string name, string content, string problem)
    {
        Write("profiles/" + name, content);
        Write("profiles/z.json", "[]");

        (int exit, _, string error) = await FleetProcess.RunAsync("", "detect", "check", Profiles);
        exit.ShouldBe(1);
        error.ShouldContain(problem);
        error.ShouldContain("z.json: ");

        (exit, _, error) = await OnceAsync();
        exit.ShouldBe(2);
        error.ShouldContain(problem);
        File.Exists(_directory["state.db"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("no security profiles are named")]
    [InlineData("give --queue URL or --inbox FILE", "--profiles", "P")]
    [InlineData("give --state FILE or --table NAME", "--profiles", "P", "--inbox", "I")]
    [InlineData("--queue and --inbox exclude each other", "--profiles", "P", "--inbox", "I", "--queue", "https://q")]
    [InlineData("--state and --table exclude each other", "--profiles", "P", "--state", "s", "--table", "t")]
    [InlineData("--create-table needs --table", "--profiles", "P", "--inbox", "I", "--state", "S", "--create-table")]
    [InlineData("the queue is a URL such as", "--profiles", "P", "--queue", "detect", "--state", "S")]
    [InlineData("--sources knows no 'everything'", "--profiles", "P", "--sources", "everything")]
    public async Task A_command_line_that_cannot_be_is_refused(string message, params string[] arguments)
    {
        string[] words = [.. arguments.Select(word => word switch { "P" => Profiles, "I" => _directory["inbox.db"], "S" => _directory["state.db"], _ => word })];

        (int exit, _, string error) = await FleetProcess.RunAsync("", ["detect", "run", "--once", "--aws-region", "us-east-1", .. words]);

        (exit, error.Contains(message, StringComparison.Ordinal)).ShouldBe((2, true), error);
    }

    [Theory]
    [InlineData("{ queue: 'https://q', inbox: 'i' }", "'inbox' and 'queue' exclude each other")]
    [InlineData("{ state: 's', table: 't' }", "'table' and 'state' exclude each other")]
    [InlineData("{ sources: ['reports', 'events'] }", "'sources[1]': must be one of")]
    [InlineData("{ patience: '1s' }", "'patience' is from '10s' to '10m'")]
    [InlineData("{ refreshGroups: '2d' }", "'refreshGroups' is from '1m' to '1d'")]
    [InlineData("{ statisticsDays: 15 }", "'statisticsDays' must be a whole number from 1 to 14")]
    [InlineData("{ profile: ['p'] }", "did you mean 'profiles'?")]
    [InlineData("{ alarms: {} }", "must say where alarms go")]
    public async Task A_configuration_that_cannot_be_is_explained(string config, string problem)
    {
        Write("detect.json5", config);

        (int exit, _, string error) = await FleetProcess.RunAsync("", "detect", "check", "--config", _directory["detect.json5"]);

        (exit, error.Contains(problem, StringComparison.Ordinal)).ShouldBe((2, true), error);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_judges_the_things_of_a_group_by_a_queue_until_SIGTERM_and_what_it_handled_is_gone()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "gateways" });
        emulator.Fleet.SetThing("""{"thingName":"pump-1","thingGroupNames":["gateways"]}""");
        emulator.Fleet.SetThing("""{"thingName":"pump-2"}""");
        EmulatedQueue queue = emulator.Sqs.CreateQueue("detect");
        foreach (string message in (Reports("pump-1", 23) + Reports("pump-2", 23)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            queue.Send(message);
        }

        Write("profiles/everybody.targets.json", """{"securityProfileTargets":[{"arn":"arn:aws:iot:us-east-1:123456789012:thinggroup/gateways"}]}""");
        Write("detect.json5", $$"""{ queue: '{{queue.Url}}', state: '{{_directory["state.db"]}}', profiles: ['{{Profiles}}'] }""");

        using Process process = FleetProcess.Start(emulator, "detect", "run", "--config", _directory["detect.json5"]);
        await using CancellationTokenRegistration ending = cancelled.Register(process.Kill);
        string? alarm = await process.StandardOutput.ReadLineAsync(cancelled);
        while (queue.Messages.Count > 0)
        {
            cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(cancelled);
        }

        string output = await process.StandardOutput.ReadToEndAsync(cancelled), error = await process.StandardError.ReadToEndAsync(cancelled);
        await process.WaitForExitAsync(cancelled);

        process.ExitCode.ShouldBe(0, error);
        alarm.ShouldNotBeNull(error);
        alarm.ShouldContain(" Raised everybody/ports pump-1: ");
        output.ShouldBeEmpty();
        error.ShouldContain("1 things in AWS IoT");
        error.ShouldContain("34 messages (0 unreadable), 34 events");
    }

    private Task<(int Exit, string Output, string Error)> OnceAsync(params string[] more) =>
        FleetProcess.RunAsync("", ["detect", "run", "--profiles", Profiles, "--inbox", _directory["inbox.db"], "--state", _directory["state.db"], "--once", .. more]);

    private static string Reports(string thing, int port) => string.Concat(Enumerable.Range(1, Enough).Select(id =>
        $$$"""{"report":{"header":{"report_id":{{{id * 300}}},"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[{"port":{{{port}}} }],"total":1} } },"thing":"{{{thing}}}","time":{{{1_767_225_600_000 + (id * 300_000)}}}}""" + "\n"));

    private void Write(string name, string content) => File.WriteAllText(_directory[name], content);
}
