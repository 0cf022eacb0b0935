using IotOps.TestKit;

namespace IotOps.Emulator.Tests;

/// <summary>An emulator with a clock that stands still, and the group "g" with the stream "s".</summary>
public abstract class LogsTestBase : IAsyncLifetime
{
    private protected ManualTimeProvider Clock { get; } = new();

    private protected AwsEmulator Emulator { get; private set; } = null!;

    private protected LogsClient Client { get; private set; } = null!;

    private protected long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private protected virtual EmulatorOptions Options => new() { TimeProvider = Clock };

    public async ValueTask InitializeAsync()
    {
        Emulator = await AwsEmulator.StartAsync(Options);
        Emulator.Logs.CreateGroup("g");
        Emulator.Logs.CreateStream("g", "s");
        Client = new LogsClient(Emulator, Clock);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected string[] Messages() => [.. Emulator.Logs.Events("g", "s").Select(e => e.Message)];
}
