using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Mqtt;

/// <summary>An emulator with a clock that stands still.</summary>
public abstract class MqttTestBase : IAsyncLifetime
{
    private protected ManualTimeProvider Clock { get; } = new();

    private protected AwsEmulator Emulator { get; private set; } = null!;

    private protected virtual EmulatedMqttOptions Options => new();

    private protected virtual EmulatorOptions EmulatorOptions => new() { TimeProvider = Clock, Mqtt = Options };

    public async ValueTask InitializeAsync() => Emulator = await AwsEmulator.StartAsync(EmulatorOptions);

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<RawClient> Connect311Async(string clientId, bool clean = true, int keepAlive = 0, bool present = false) =>
        RawClient.Connect311Async(Emulator, clientId, clean, keepAlive, present);

    private protected async Task<RawClient> Connect5Async(string clientId, bool clean = true, int keepAlive = 0, string properties = "") =>
        (await RawClient.Connect5Async(Emulator, clientId, clean, keepAlive, properties)).Client;

    private protected static async Task SubscribeAsync(RawClient client, bool v5, params string[] filters)
    {
        await client.SendAsync(Wire.Subscribe(v5, 1, filters));
        await client.ExpectAsync(Wire.Packet(0x90, [0, 1, .. v5 ? new byte[] { 0 } : [], .. filters.Select(_ => (byte)1)]));
    }
}
