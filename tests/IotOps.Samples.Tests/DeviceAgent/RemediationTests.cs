using IotOps.Mqtt;
using IotOps.Samples.DeviceAgent.Remediations;
using IotOps.Shadow;
using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.Tests.DeviceAgent;

/// <summary>What the agent makes of the desired shadow's remediation.</summary>
public sealed class RemediationTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly Actions _actions = new();
    private MqttConnection _connection = null!;
    private ShadowCache _cache = null!;

    public ValueTask InitializeAsync()
    {
        _connection = new MqttConnection(new MqttConnectionOptions { Host = "127.0.0.1", Tls = null, ClientId = "thing" });
        Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        await _connection.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("""{"id":"r-1","action":"logLevel","level":"debug"}""", "level Debug", """{"action":"logLevel","id":"r-1","level":"debug","state":"done"}""")]
    [InlineData("""{"id":"r-1","action":"report"}""", "report", """{"action":"report","id":"r-1","state":"done"}""")]
    [InlineData("""{"id":"r-1","action":"stopService","service":"app"}""", "stop app", """{"action":"stopService","id":"r-1","service":"app","state":"done"}""")]
    public async Task A_remediation_is_done_once_and_reported(string desired, string done, string reported)
    {
        await AskAsync(desired);
        await AskAsync(desired);
        await ReopenAsync();
        await AskAsync(desired);

        _actions.Done.ShouldBe([done]);
        Shadow.Reported["remediation"]!.ToString().ShouldBe(reported);
    }

    [Theory]
    [InlineData("""{"id":"r-1","action":"stopService","service":"sshd"}""", "refused", "not among")]
    [InlineData("""{"id":"r-1","action":"logLevel","level":"loud"}""", "refused", "'loud' is not a level")]
    [InlineData("""{"id":"r-1","action":"logLevel","level":"1"}""", "refused", "'1' is not a level")]
    [InlineData("""{"id":"r-1","action":"reboot"}""", "refused", "'reboot' is not an action")]
    [InlineData("""{"id":"r-1","action":"stopService","service":"broken"}""", "failed", "no such unit")]
    public async Task A_remediation_that_cannot_be_is_refused_with_its_reason(string desired, string state, string note)
    {
        await AskAsync(desired);

        Shadow.Reported["remediation/state"]!.GetString().ShouldBe(state);
        Shadow.Reported["remediation/note"]!.GetString().ShouldContain(note);
        _actions.Done.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"action":"report"}""")]
    [InlineData("""{"id":7,"action":"report"}""")]
    [InlineData("\"report\"")]
    public async Task A_remediation_without_an_id_is_passed_over(string desired)
    {
        await AskAsync(desired);

        _actions.Done.ShouldBeEmpty();
        Shadow.Reported["remediation"].ShouldBeNull();
    }

    [Fact]
    public async Task A_restart_is_done_once_and_reported_after_it()
    {
        const string Restart = """{"id":"r-1","action":"restart"}""";
        await AskAsync(Restart);
        Shadow.Reported["remediation/state"]!.GetString().ShouldBe("begun");

        await ReopenAsync();
        await AskAsync(Restart);

        _actions.Done.ShouldBe(["restart"]);
        Shadow.Reported["remediation/state"]!.GetString().ShouldBe("done");
    }

    [Fact]
    public async Task Another_id_is_another_remediation()
    {
        await AskAsync("""{"id":"r-1","action":"report"}""");
        await AskAsync("""{"id":"r-2","action":"report"}""");

        _actions.Done.ShouldBe(["report", "report"]);
    }

    private DeviceShadow Shadow => _cache[ShadowId.Classic];

    private async Task AskAsync(string desired)
    {
        await Shadow.Desired.SetAsync("remediation", ShadowValue.Parse(desired));
        using var handler = new RemediationHandler(Shadow, _actions);
        await handler.HandleAsync(CancellationToken.None);
    }

    private async Task ReopenAsync()
    {
        await _cache.DisposeAsync();
        Open();
    }

    private void Open() => _cache = new ShadowCache(new ShadowCacheOptions { Connection = _connection, ThingName = "thing", StateDirectory = _directory["shadow"] });

    private sealed class Actions : IRemediationActions
    {
        public List<string> Done { get; } = [];

        public string? SetLogLevel(LogLevel level) => Do($"level {level}");

        public string? ReportNow() => Do("report");

        public Task<string?> StopServiceAsync(string service, CancellationToken cancellationToken) => service switch
        {
            "app" => Task.FromResult(Do("stop app")),
            "broken" => throw new IOException("no such unit"),
            _ => Task.FromResult<string?>($"'{service}' is not among the services"),
        };

        public void Restart() => Do("restart");

        private string? Do(string what)
        {
            Done.Add(what);
            return null;
        }
    }
}
