using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Agent;

/// <summary>The device agent as a process: where it connects to, by its configuration, its environment and its AWS profile.</summary>
public sealed class DeviceAgentSettingsTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private AwsEmulator _emulator = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        await File.WriteAllTextAsync(_directory["app.log"], "one\n");
        await File.WriteAllTextAsync(_directory["config"], "");
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_region_may_stand_in_the_profile_alone_and_the_endpoint_in_the_configuration()
    {
        await File.WriteAllTextAsync(_directory["config"], "[default]\nregion = us-east-1\n");

        PeerResult run = await RunAsync($"endpoint: '{Emulator}'");

        run.ExitCode.ShouldBe(0, run.Error);
        _emulator.Logs.Events("g", "s").Select(e => e.Message).ShouldBe(["one"]);
    }

    [Fact]
    public async Task Without_any_region_the_error_names_all_places()
    {
        PeerResult run = await RunAsync($"endpoint: '{Emulator}'");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("no AWS region: set 'region' in the configuration or in the AWS profile, or AWS_REGION");
    }

    // An emulator takes what a proxy is asked for too. Nothing listens at the endpoint itself.
    [Fact]
    public async Task Everything_goes_through_the_proxy_of_the_configuration()
    {
        PeerResult run = await RunAsync($"region: 'us-east-1', endpoint: 'http://aws.localhost:9', proxy: '{Emulator}'");

        run.ExitCode.ShouldBe(0, run.Error);
        _emulator.Logs.Events("g", "s").Select(e => e.Message).ShouldBe(["one"]);
    }

    [Fact]
    public async Task A_network_of_NO_PROXY_is_reached_without_it()
    {
        PeerResult run = await RunAsync($"region: 'us-east-1', endpoint: '{Emulator}', proxy: 'http://127.0.0.2:9'", ("NO_PROXY", "127.0.0.0/8"));

        run.ExitCode.ShouldBe(0, run.Error);
        _emulator.Logs.Events("g", "s").Select(e => e.Message).ShouldBe(["one"]);
    }

    [Theory]
    [InlineData("fips: true, endpoint: 'https://logs.us-east-1.amazonaws.com'", "logs.us-east-1.amazonaws.com is not a FIPS endpoint of AWS")]
    [InlineData("caBundle: 'none.pem'", "none.pem cannot be read")]
    [InlineData("fips: true, services: { cloud: { shadow: true } }, mqtt: { endpoint: 'a1-ats.iot.us-east-1.amazonaws.com' }", "a1-ats.iot.us-east-1.amazonaws.com is not a FIPS endpoint of AWS")]
    public async Task What_cannot_be_honoured_is_refused_by_name(string configuration, string message)
    {
        PeerResult run = await RunAsync($"thing: 't', region: 'us-east-1', {configuration}");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(message);
    }

    private string Emulator => _emulator.Endpoint.ToString().TrimEnd('/');

    private async Task<PeerResult> RunAsync(string configuration, params (string Name, string Value)[] variables)
    {
        await File.WriteAllTextAsync(_directory["agent.json5"], $"{{ {configuration}, logs: {{ files: [{{ path: 'app.log', group: 'g', stream: 's' }}] }} }}");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_ACCESS_KEY_ID"] = _emulator.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = _emulator.SecretAccessKey,
            ["AWS_CONFIG_FILE"] = _directory["config"],
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent",
            ["AWS_REGION"] = "",
            ["AWS_DEFAULT_REGION"] = "",
            ["AWS_ENDPOINT_URL"] = "",
            ["NO_PROXY"] = "",
            ["no_proxy"] = "",
        };
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        return await PeerCommand.TryRunAsync("dotnet", [AgentPath, "run", "--config", _directory["agent.json5"], "--until-idle", "500ms"], environment);
    }

    // The build puts every project's output beside this one's.
    private static string AgentPath => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "DeviceAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "DeviceAgent.dll"));
}
