using IotOps.Emulator;
using IotOps.SlackExport.Lambda;
using IotOps.SlackExport.Tests.Lambda;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.SlackExport.Tests.Hosting;

/// <summary>The command as a Lambda function on the Generic Host.</summary>
public sealed class LambdaHostTests : IAsyncLifetime
{
    private readonly FakeRuntimeApi _api = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _aws = await Fleet.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task A_host_answers_events_until_it_is_asked_to_stop()
    {
        IHost host = Build();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        _api.Queue((Fleet.Form(_aws) with { Text = "help" }).ToEvent(TimeProvider.System.GetUtcNow(), "/hooks/logs"));

        Task running = LambdaHost.RunAsync(host, _api.Address, "/hooks/logs", Cancel);
        await _api.WaitForCallsAsync(3, Cancel);
        lifetime.StopApplication();
        await running;

        _api.Calls[1].ShouldContain("IDENTIFIER CATEGORY");
        _api.Calls[2].ShouldBe("next");
        Should.Throw<ObjectDisposedException>(host.Services.GetRequiredService<IHostApplicationLifetime>, "the host is disposed");
    }

    [Fact]
    public async Task Another_workspaces_signed_command_is_refused_and_leaves_nothing()
    {
        IHost host = Build();
        IReadOnlyList<string> before = _aws.S3.Keys(Fleet.Bucket);
        _api.Queue((Fleet.Form(_aws) with { Team = "T0666" }).ToEvent(TimeProvider.System.GetUtcNow()));

        Task running = LambdaHost.RunAsync(host, _api.Address, "/slack/iot-log", Cancel);
        await _api.WaitForCallsAsync(3, Cancel);
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await running;

        _api.Calls[1].ShouldContain("You may not do this here.");
        _aws.S3.Keys(Fleet.Bucket).ShouldBe(before);
    }

    [Fact]
    public async Task A_runtime_api_that_is_gone_ends_the_process_with_its_error()
    {
        string address = _api.Address;
        await _api.DisposeAsync();

        await Should.ThrowAsync<HttpRequestException>(() => LambdaHost.RunAsync(Build(), address, "/slack/iot-log", Cancel));
    }

    [Fact]
    public void A_process_that_is_not_a_function_is_told_to_use_a_web_host() =>
        Should.Throw<InvalidOperationException>(() => { _ = Build().RunSlackLambdaAsync(cancellationToken: Cancel); }).Message.ShouldContain("AWS_LAMBDA_RUNTIME_API is not set");

    private IHost Build()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddIotOpsSlackExport(Fleet.Options(_aws));
        return builder.Build();
    }
}
