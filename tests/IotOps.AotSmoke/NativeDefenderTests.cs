using System.Diagnostics;
using System.Text.Json;
using IotOps.Defender;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.AotSmoke;

public sealed class NativeDefenderTests(NativeAgent agent)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_reports_to_Device_Defender_and_raises_a_local_alarm()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { Defender = new EmulatedDefenderOptions { MinReportInterval = TimeSpan.Zero } });
        using var directory = new TempDirectory();
        File.WriteAllText(
            directory["agent.json5"],
            $$"""
            { thing: 'THING00001', state: 'state', services: { cloud: { logs: false, defender: true } },
              mqtt: { endpoint: 'localhost', port: {{emulator.Mqtt.Port}}, transport: 'tcp' },
              defender: { interval: '1s', allowShortInterval: true, format: 'cbor', names: 'short', customMetrics: ['memory_usage'], alarmTopic: 'fleet/{thing}/alarms',
                          rules: [ { name: 'any-memory', metric: 'memory_usage', alarmWhen: 'criteria-met',
                                     criteria: { comparisonOperator: 'greater-than', value: { count: 0 }, consecutiveDatapointsToAlarm: 2 } } ] } }
            """);

        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var run = new AgentRun(agent.Path, emulator, "run", "--config", directory["agent.json5"]);
        IReadOnlyList<ReceivedDefenderReport> reports = await emulator.Defender.WaitForAsync("THING00001", 2, limit.Token);
        IReadOnlyList<ReceivedMessage> alarms = await emulator.Mqtt.Received.WaitForAsync("fleet/THING00001/alarms", 1, limit.Token);
        await run.TerminateAsync();
        (int code, _, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        reports.ShouldAllBe(r => r.ErrorCode == null && r.Format == "cbor");
        DefenderReport second = DefenderReport.Parse(reports[1].Payload.Span, DefenderFormat.Cbor);
        second.TcpConnections.ShouldNotBeNull();
        second.NetworkStats.ShouldNotBeNull("the first report was accepted, so the second has something to compare with");
        second.CustomMetrics.Keys.ShouldBe(["memory_usage"]);
        using JsonDocument alarm = JsonDocument.Parse(alarms[0].Payload);
        alarm.RootElement.GetProperty("violationEventType").GetString().ShouldBe("in-alarm");
        error.ShouldContain("any-memory");
    }

    [Fact]
    public async Task It_prints_reports_without_sending_them()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var run = new AgentRun(agent.Path, emulator, "collect", "-n", "2", "-s", "1", "--json");
        (int code, string printed, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        string[] lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        DefenderReport.Parse(System.Text.Encoding.UTF8.GetBytes(lines[0]), DefenderFormat.Json).NetworkStats.ShouldBeNull();
        DefenderReport.Parse(System.Text.Encoding.UTF8.GetBytes(lines[1]), DefenderFormat.Json).NetworkStats.ShouldNotBeNull();

        using var cbor = new AgentRun(agent.Path, emulator, "collect", "--format", "cbor", "--names", "short");
        (code, printed, error) = await cbor.WaitAsync();
        code.ShouldBe(0, error);
        DefenderReport.Parse(Convert.FromHexString(printed.Trim()), DefenderFormat.Cbor).ListeningTcpPorts.ShouldNotBeNull();
    }

    [Fact]
    public async Task It_runs_as_the_Greengrass_recipe_says_with_the_cores_keys()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var tokens = new TokenExchange(emulator, "CORE00001");
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["artifacts"]);
        Directory.CreateDirectory(directory["work"]);
        File.CreateSymbolicLink(directory["artifacts/DeviceAgent"], agent.Path);
        File.WriteAllText(directory["work/core.log"], "from the core device\n");

        using JsonDocument recipe = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "greengrass", "recipe.json")));
        JsonElement configuration = recipe.RootElement.GetProperty("ComponentConfiguration").GetProperty("DefaultConfiguration");
        JsonElement step = recipe.RootElement.GetProperty("Manifests")[0].GetProperty("Lifecycle").GetProperty("run");

        // The core's own log files, and no waiting for a moment that a fleet's other devices do not take.
        string agentConfiguration = configuration.GetProperty("agent").GetRawText()
            .Replace("/greengrass/v2/logs/", "", StringComparison.Ordinal)
            .Replace("\"300s\"", "\"300s\", \"allowShortInterval\": true", StringComparison.Ordinal);
        string Filled(string text) => text
            .Replace("{artifacts:path}", directory["artifacts"], StringComparison.Ordinal)
            .Replace("{work:path}", directory["work"], StringComparison.Ordinal)
            .Replace("{configuration:/agent}", agentConfiguration, StringComparison.Ordinal)
            .Replace("{configuration:/procfs}", configuration.GetProperty("procfs").GetString(), StringComparison.Ordinal);

        // What the nucleus sets for a component that depends on the token exchange service.
        var start = new ProcessStartInfo("sh", ["-c", Filled(step.GetProperty("Script").GetString()!)])
        {
            Environment =
            {
                ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = tokens.Address,
                ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = tokens.AuthorizationToken,
                ["AWS_REGION"] = "eu-west-1",
                ["AWS_IOT_THING_NAME"] = "CORE00001",
                ["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString(),
                ["AWS_ENDPOINT_URL_IOT_DATA_PLANE"] = emulator.Endpoint.ToString(),
                ["HOME"] = directory["work"],
            },
        };
        foreach (JsonProperty variable in step.GetProperty("Setenv").EnumerateObject())
        {
            start.Environment[variable.Name] = Filled(variable.Value.GetString()!);
        }

        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var run = new AgentRun(start);
        IReadOnlyList<ReceivedDefenderReport> reports = [];
        try
        {
            reports = await emulator.Defender.WaitForAsync("CORE00001", 1, limit.Token);
            await emulator.Logs.WaitForEventsAsync("/aws/greengrass/agent", "CORE00001/core.log", 1, limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What the agent said is in the assertions below.
        }

        await run.TerminateAsync();
        (int code, _, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        tokens.Failure.ShouldBeNull();
        ReceivedDefenderReport report = reports.ShouldHaveSingleItem(error);
        emulator.Logs.Events("/aws/greengrass/agent", "CORE00001/core.log").Count.ShouldBe(1, error);
        report.ErrorCode.ShouldBeNull();
        DefenderReport.Parse(report.Payload.Span, DefenderFormat.Cbor).CustomMetrics.Keys.ShouldBe(["memory_usage", "disk_usage"], "there is no processor usage before the second report");
        tokens.Served.ShouldBeGreaterThan(0);
    }
}
