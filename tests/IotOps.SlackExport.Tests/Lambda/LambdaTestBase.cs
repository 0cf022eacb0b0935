using IotOps.Shared;
using IotOps.SlackExport.Lambda;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.SlackExport.Tests.Lambda;

/// <summary>The loop of a function between a runtime API and the endpoint, both of which a test looks into.</summary>
public abstract class LambdaTestBase : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private LambdaRuntime _runtime = null!;
    private Task _loop = Task.CompletedTask;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected FakeRuntimeApi Api { get; } = new();

    private protected SlackBench Bench { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Bench = await SlackBench.StartAsync();
        _runtime = new LambdaRuntime(Api.Address);
        _loop = new LambdaLoop(
            _runtime, Bench.Endpoint, Bench.Downloads, Bench.FailedJobs, Bench.Address, Bench.InFlight, new LambdaPaths("/slack/iot-log"), Bench.Time, NullLogger.Instance).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => _loop);
        _runtime.Dispose();
        await Bench.DisposeAsync();
        await Api.DisposeAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }
}
