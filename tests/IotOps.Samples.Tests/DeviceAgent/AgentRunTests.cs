using System.Diagnostics;
using System.Text.Json;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.DeviceAgent;

/// <summary>What the exit code of <c>run --until-idle</c> promises: all that could be read is accepted.</summary>
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

    private async Task<(int Exit, JsonElement Counters, string Log)> RunAsync()
    {
        await File.WriteAllTextAsync(
            _directory["agent.json5"], "{ state: 'state', logs: { flush: '50ms', files: [ { path: '*.log', group: 'g', stream: 's' } ] } }");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in (string[])[AgentPath, "run", "--config", _directory["agent.json5"], "--until-idle", "300ms", "--json"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AWS_ENDPOINT_URL"] = _aws.Endpoint.ToString();
        start.Environment["AWS_ACCESS_KEY_ID"] = _aws.AccessKeyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = _aws.SecretAccessKey;
        start.Environment["AWS_REGION"] = "us-east-1";
        using Process agent = Process.Start(start)!;
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
