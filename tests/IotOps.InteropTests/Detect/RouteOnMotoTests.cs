using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Detect;

/// <summary>Messages on moto's SQS: routed, deleted, come again, and end as dead letters; by the class and by the program.</summary>
public sealed class RouteOnMotoTests(InteropPeers peers) : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly MotoStage _moto = new(peers);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Handled_messages_are_gone_and_one_that_always_fails_ends_as_a_dead_letter()
    {
        JsonElement made = await _moto.BotoAsync("queue", "route-dead", """{"n":1}""", """{"n":"bad"}""", """{"n":3}""");
        string queue = made.GetProperty("queue").GetString()!, dead = made.GetProperty("dead").GetString()!;
        var handler = new Handler();
        var router = new EventRouter(new EventRouterOptions
        {
            Routes = [new EventRoute("all", EventPattern.Parse("""{"n":[{"exists":true}]}"""), handler)],
        });
        using AwsClient client = await ClientAsync();
        var reader = new EventQueueReader(new EventQueueOptions { Client = client, QueueUrl = queue, Router = router, Workers = 1, Visibility = TimeSpan.FromSeconds(10) });
        await reader.DrainAsync(Cancelled);
        (await _moto.LeftAsync(queue)).ShouldBe(1);

        // It is taken once more after its visibility time-out, and set aside at the third request.
        while (await _moto.LeftAsync(dead) == 0)
        {
            await reader.DrainAsync(Cancelled);
        }

        (await _moto.LeftAsync(queue)).ShouldBe(0);
        handler.Handled.Order(StringComparer.Ordinal).ShouldBe(["""{"n":1}""", """{"n":3}"""]);
        handler.Attempts.ShouldBe(4);
    }

    [Fact]
    public async Task The_program_empties_a_queue_and_says_how_many()
    {
        string queue = (await _moto.BotoAsync("queue", "route-once", """{"eventType":"connected","clientId":"a"}""", """{"n":"x\u001b[31m"}""", "no JSON")).GetProperty("queue").GetString()!;
        string config = _directory["routes.json5"];
        await File.WriteAllTextAsync(config, "{ routes: [{ name: 'everything', print: true }] }", Cancelled);

        PeerResult result = await _moto.RunAsync("route", "--queue", queue, "--config", config, "--once");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("2 messages handled, 1 not");
        result.Output.ShouldContain("""Lifecycle {"eventType":"connected","clientId":"a"}""");
        result.Output.ShouldNotContain('\u001b');
        (await _moto.LeftAsync(queue)).ShouldBe(1);
    }

    [Fact]
    public async Task The_program_ends_cleanly_at_SIGTERM_and_has_then_deleted_what_it_handled()
    {
        string queue = (await _moto.BotoAsync("queue", "route-term", """{"n":1}""")).GetProperty("queue").GetString()!;
        string config = _directory["routes.json5"];
        await File.WriteAllTextAsync(config, "{ routes: [{ name: 'everything', print: true }] }", Cancelled);
        var start = new ProcessStartInfo("dotnet", [MotoStage.Tool, "route", "--queue", queue, "--config", config]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in await _moto.EnvironmentAsync())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        (await process.StandardOutput.ReadLineAsync(Cancelled)).ShouldBe("""RuleMessage {"n":1}""");
        await PeerCommand.RunAsync("kill", ["-TERM", $"{process.Id}"]);
        string error = await process.StandardError.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);

        process.ExitCode.ShouldBe(0, error);
        error.ShouldContain("1 messages handled, 0 not");
        (await _moto.LeftAsync(queue)).ShouldBe(0);
    }

    [Fact]
    public async Task Alarms_of_routed_messages_reach_a_topic_before_the_message_is_deleted()
    {
        await using var receiver = new HttpReceiver();
        string topic = (await _moto.BotoAsync("topic", "route-alarms", receiver.Url.ToString())).GetProperty("topic").GetString()!;
        string detected = """{"violationEventTime":1767225600000,"thingName":"THING00001","behavior":{"name":"msgs","metric":"aws:num-messages-sent","criteria":{"comparisonOperator":"less-than","value":{"count":50},"durationSeconds":300}},"violationEventType":"in-alarm","metricValue":{"count":300},"violationId":"v1","securityProfileName":"chatty"}""";
        string queue = (await _moto.BotoAsync("queue", "route-alarms", detected)).GetProperty("queue").GetString()!;
        string config = _directory["routes.json5"];
        await File.WriteAllTextAsync(config, $$"""{ queue: '{{queue}}', routes: [{ name: 'detect', patterns: [{ violationId: [{ exists: true }] }], alarm: true }], alarms: { topics: ['{{topic}}'], groupWindow: '0s', digestAt: 'off' } }""", Cancelled);

        (await _moto.RunAsync("route", "--config", config, "--once")).ExitCode.ShouldBe(0);

        JsonElement message = await MotoStage.NotificationAsync(receiver, Cancelled);
        message.GetProperty("alarms")[0].GetProperty("id").GetString().ShouldBe("detect/v1/in-alarm");
        message.GetProperty("alarms")[0].GetProperty("event").GetProperty("violationId").GetString().ShouldBe("v1");
        (await _moto.LeftAsync(queue)).ShouldBe(0);
    }

    [Theory]
    [InlineData("{ routes: [] }", "must have a route")]
    [InlineData("{ routes: [{ name: 'a' }] }", "must have one of startExecution: 'ARN', alarm: true and print: true")]
    [InlineData("{ routes: [{ name: 'a', alarm: true }] }", "needs 'alarms'")]
    [InlineData("{ routes: [{ name: 'a', print: true, patterns: [{ a: [{ 'no-such': 1 }] }] }] }", "routes[0].patterns[0]")]
    [InlineData("{ routes: [{ name: 'a', print: true, patern: [] }] }", "patern")]
    [InlineData("{ routes: [{ name: 'a', alarm: true }], alarms: {} }", "must say where alarms go")]
    [InlineData("{ routes: [{ name: 'a', alarm: true }], alarms: { topics: ['t'], mutes: [{ until: 'tomorrow' }] } }", "alarms.mutes[0].until")]
    public async Task A_configuration_that_cannot_be_is_explained(string config, string problem)
    {
        string file = _directory["routes.json5"];
        await File.WriteAllTextAsync(file, config, Cancelled);

        PeerResult result = await PeerCommand.TryRunAsync("dotnet", [MotoStage.Tool, "route", "--queue", "http://127.0.0.1:1/q", "--config", file, "--once", "--aws-region", "us-east-1"]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(problem);
    }

    private async Task<AwsClient> ClientAsync() => new(new AwsClientOptions
    {
        Service = EventQueueReader.Service,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("test", "test"),
        Endpoint = await peers.MotoAsync(),
    });

    private sealed class Handler : IMessageHandler
    {
        public List<string> Handled { get; } = [];

        public int Attempts { get; private set; }

        public Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken)
        {
            lock (Handled)
            {
                Attempts++;
                string text = Encoding.UTF8.GetString(message.Json.Span);
                if (text.Contains("bad", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException("not this one");
                }

                Handled.Add(text);
            }

            return Task.CompletedTask;
        }
    }
}
