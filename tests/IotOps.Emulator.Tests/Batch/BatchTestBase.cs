using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Batch;

/// <summary>An emulator with the queue "q", a clock that stands still, and room for two jobs at once.</summary>
public abstract class BatchTestBase : IAsyncLifetime
{
    private protected ManualTimeProvider Clock { get; } = new();

    private protected AwsEmulator Emulator { get; private set; } = null!;

    private protected BatchClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = Clock, MaxRunningBatchJobs = 2 });
        Emulator.Batch.CreateJobQueue("q");
        Client = new BatchClient(Emulator, Clock);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected void Register(Func<BatchJobRun, CancellationToken, Task<int>> run, int attempts = 1, string name = "d") =>
        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = name, Run = run, Attempts = attempts });

    private protected static Task<int> UntilStopped(BatchJobRun run, CancellationToken stop) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => 143, TaskScheduler.Default);

    private protected async Task<EmulatedBatchJob> WaitForAsync(string jobId, BatchJobStatus status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Emulator.Batch.Find(jobId)!.Status != status)
        {
            await Task.Yield();
            limit.Token.ThrowIfCancellationRequested();
        }

        return Emulator.Batch.Find(jobId)!;
    }
}
