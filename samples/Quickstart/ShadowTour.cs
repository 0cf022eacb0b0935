using IotOps.Emulator;
using IotOps.Mqtt;
using IotOps.Shadow;

namespace IotOps.Samples.Quickstart;

/// <summary>A device shadow on the same emulator: first with the network, then without.</summary>
internal static class ShadowTour
{
    private const string Thing = "quickstart";
    private const int OfflineEdits = 100;

    /// <summary>Runs it; true when device and cloud agree at the end.</summary>
    public static async Task<bool> RunAsync(AwsEmulator emulator, string stateDirectory, CancellationToken cancellationToken)
    {
        await using var connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "127.0.0.1",
            Port = emulator.Mqtt.Port,
            Tls = null, // AWS itself wants TLS with the device's certificate
            ClientId = Thing,
        });
        await using var cache = new ShadowCache(new ShadowCacheOptions
        {
            Connection = connection,
            ThingName = Thing,
            StateDirectory = stateDirectory,
        });
        DeviceShadow shadow = cache[ShadowId.Classic];
        cache.Start();
        await connection.ConnectAsync(cancellationToken);
        await FollowTheCloudAsync(emulator, shadow, cancellationToken);
        return await EditOfflineAsync(emulator, connection, shadow, cancellationToken);
    }

    // 1. The cloud wants something, the device does it and says so.
    private static async Task FollowTheCloudAsync(AwsEmulator emulator, DeviceShadow shadow, CancellationToken cancellationToken)
    {
        emulator.Shadows.Update(Thing, """{"state":{"desired":{"fan":{"speed":3}}}}""");
        await foreach (ShadowDelta delta in shadow.DeltasAsync(cancellationToken))
        {
            await shadow.AcceptDeltaAsync(delta, cancellationToken);
            await shadow.SyncAsync(cancellationToken);
            Console.WriteLine($"Shadow: the cloud wanted {delta.State}; applied and reported, the delta is gone: {!HasDelta(emulator)}.");
            break;
        }
    }

    // 2. The network goes, edits go on, each of them safe on disk; then one message brings the cloud up to date.
    private static async Task<bool> EditOfflineAsync(
        AwsEmulator emulator, MqttConnection connection, DeviceShadow shadow, CancellationToken cancellationToken)
    {
        emulator.Mqtt.StopListening();
        MqttConnectionState state = connection.State;
        while (state.Status == MqttConnectionStatus.Connected)
        {
            state = await connection.WaitForChangeAsync(state, cancellationToken);
        }

        for (int rpm = 1; rpm <= OfflineEdits; rpm++)
        {
            await shadow.Reported.SetAsync("fan/rpm", rpm, cancellationToken);
        }

        int before = Updates(emulator);
        emulator.Mqtt.StartListening();
        await shadow.SyncAsync(cancellationToken);

        string document = emulator.Shadows.Find(Thing) ?? "";
        bool agrees = ShadowValue.Parse(document).TryGet("state/reported", out ShadowValue? cloud) && cloud.Equals(shadow.Reported.Value);
        Console.WriteLine(
            $"Shadow: {OfflineEdits} edits while the connection was cut, {Updates(emulator) - before} update after it came back; "
            + $"device and cloud {(agrees ? "agree" : "DIFFER")}: {shadow.Reported.Value}.");
        return agrees;
    }

    private static bool HasDelta(AwsEmulator emulator) => ShadowValue.Parse(emulator.Shadows.Find(Thing)!).TryGet("state/delta", out _);

    private static int Updates(AwsEmulator emulator) => emulator.Shadows.Requests.Count(r => r.Operation == "UpdateThingShadow");
}
