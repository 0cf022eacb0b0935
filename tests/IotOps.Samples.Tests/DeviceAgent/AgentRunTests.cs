using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.DeviceAgent;

/// <summary>What a run says at its end, by its exit code and its counters.</summary>
public sealed class AgentRunTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private AwsEmulator _aws = null!;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Until_idle_ends_with_0_when_everything_is_accepted()
    {
        await File.WriteAllTextAsync(_directory["svc.log"], "service started\n");

        (int exit, JsonElement counters, _) = await RunAsync();

        exit.ShouldBe(0);
        counters.GetProperty("eventsAccepted").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Until_idle_ends_with_1_and_names_the_file_that_is_held_back()
    {
        await File.WriteAllTextAsync(_directory["svc.log"], "service started\n");
        await File.WriteAllTextAsync(_directory["svc-b.log"], "service started\n");

        (int exit, JsonElement counters, string log) = await RunAsync();

        exit.ShouldBe(1);
        counters.GetProperty("eventsAccepted").GetInt64().ShouldBe(1);
        counters.GetProperty("filesPending").GetInt64().ShouldBe(1);
        log.ShouldContain("svc-b.log is so far equal to");
    }

    [Fact]
    public async Task It_says_how_it_is_to_who_asks_on_loopback()
    {
        await File.WriteAllTextAsync(_directory["svc.log"], "service started\n");
        _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 400, Code = "AccessDeniedException" });
        int port = FreePort();
        using Process agent = await StartAsync($"health: {{ port: {port}, after: '100ms' }},");
        using var client = new HttpClient();

        JsonElement refusal = await HealthAsync(client, agent, port, logs => logs.TryGetProperty("lastError", out _));
        refusal.GetProperty("status").GetString().ShouldBe("unhealthy");
        refusal.GetProperty("logs").GetProperty("lastError").GetString().ShouldNotBeNull().ShouldContain("AccessDeniedException");
        using (Process kill = Process.Start("kill", ["-TERM", $"{agent.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        (int exit, _, string log) = await EndAsync(agent);
        exit.ShouldBe(0, log);
    }

    [Fact]
    public async Task A_port_of_health_that_is_taken_ends_it_with_the_port()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using Process agent = await StartAsync($"health: {{ port: {port} }},");
        string log = await agent.StandardError.ReadToEndAsync();
        await agent.WaitForExitAsync();

        agent.ExitCode.ShouldBe(1);
        log.ShouldContain($"DeviceAgent: health.port {port} cannot be used");
    }

    [Fact]
    public async Task A_message_that_no_service_takes_is_counted_and_its_sender_hears_of_it()
    {
        await File.WriteAllTextAsync(_directory["svc.log"], "service started\n");
        using Process agent = await StartAsync($$"""
            services: { cloud: { outbox: true } }, thing: 'd', mqtt: { endpoint: '127.0.0.1', port: {{_aws.Mqtt.Port}}, transport: 'tcp', unmatched: 'refuse' },
            """);
        await _aws.Mqtt.WaitForClientAsync("d");
        using AwsClient client = new(new AwsClientOptions
        {
            Service = AwsService.IotData,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            Endpoint = _aws.Endpoint,
        });
        DirectMessageOutcome outcome = await new FleetConnections(client).SendAsync(new DirectMessage { ClientId = "d", Topic = "nobody/here", ConfirmWithin = TimeSpan.FromSeconds(15) });
        using (Process kill = Process.Start("kill", ["-TERM", $"{agent.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        (int exit, JsonElement counters, string log) = await EndAsync(agent);

        (exit, outcome).ShouldBe((0, DirectMessageOutcome.Unconfirmed));
        counters.GetProperty("messagesUnmatched").GetInt64().ShouldBe(1);
        log.ShouldContain("'nobody/here'");
    }

    [Fact]
    public async Task A_restart_that_the_shadow_asks_for_ends_the_agent_once_and_is_reported_by_the_next_one()
    {
        const string Sections = "services: { cloud: { shadow: true, remediation: true } }, thing: 'd', mqtt: { endpoint: '127.0.0.1', port: PORT, transport: 'tcp' },";
        await File.WriteAllTextAsync(_directory["svc.log"], "service started\n");
        string sections = Sections.Replace("PORT", $"{_aws.Mqtt.Port}", StringComparison.Ordinal);
        _aws.Shadows.Update("d", """{"state":{"desired":{"remediation":{"id":"r-1","action":"restart"}}}}""");

        using Process first = await StartAsync(sections);
        (int exit, _, string log) = await EndAsync(first);
        exit.ShouldBe(0, log);

        using Process second = await StartAsync(sections);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!_aws.Shadows.Find("d")!.Contains("\"state\":\"done\"", StringComparison.Ordinal))
        {
            second.HasExited.ShouldBeFalse();
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        using (Process kill = Process.Start("kill", ["-TERM", $"{second.Id}"]))
        {
            await kill.WaitForExitAsync(limit.Token);
        }

        (exit, _, log) = await EndAsync(second);
        exit.ShouldBe(0, log);
    }

    // Below the ports that the system gives out: another test's emulator could have taken one of those before the agent listens.
    private static int FreePort()
    {
        for (int port = 20_000 + (Environment.ProcessId % 10_000); ; port++)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }

    // Asks until the agent listens and its logs are so; the test's own limit ends it.
    private static async Task<JsonElement> HealthAsync(HttpClient client, Process agent, int port, Func<JsonElement, bool> isWanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            agent.HasExited.ShouldBeFalse(agent.HasExited ? await agent.StandardError.ReadToEndAsync(limit.Token) : null);
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health"), limit.Token);
                using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(limit.Token));
                if (body.RootElement.TryGetProperty("logs", out JsonElement logs) && isWanted(logs))
                {
                    answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                    return body.RootElement.Clone();
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Yield();
        }
    }

    private async Task<(int Exit, JsonElement Counters, string Log)> RunAsync()
    {
        using Process agent = await StartAsync("", "--until-idle", "300ms");
        return await EndAsync(agent);
    }

    private async Task<Process> StartAsync(string sections, params string[] arguments)
    {
        await File.WriteAllTextAsync(
            _directory["agent.json5"], $$"""{ {{sections}} state: 'state', logs: { flush: '50ms', files: [ { path: '*.log', group: 'g', stream: 's' } ] } }""");
        var start = new ProcessStartInfo("dotnet", [AgentPath, "run", "--config", _directory["agent.json5"], "--json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["AWS_ENDPOINT_URL"] = _aws.Endpoint.ToString();
        start.Environment["AWS_ACCESS_KEY_ID"] = _aws.AccessKeyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = _aws.SecretAccessKey;
        start.Environment["AWS_REGION"] = "us-east-1";
        return Process.Start(start)!;
    }

    private static async Task<(int Exit, JsonElement Counters, string Log)> EndAsync(Process agent)
    {
        Task<string> output = agent.StandardOutput.ReadToEndAsync();
        Task<string> log = agent.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await agent.WaitForExitAsync(limit.Token);
        string text = await log;
        using var counters = JsonDocument.Parse(await output is { Length: > 0 } json ? json : throw new InvalidOperationException(text));
        return (agent.ExitCode, counters.RootElement.Clone(), text);
    }

    // The build puts every project's output beside this one's: artifacts/bin/PROJECT/CONFIGURATION.
    private static string AgentPath => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "DeviceAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "DeviceAgent.dll"));
}
