namespace IotOps.Mqtt.Connecting;

/// <summary>
/// Whether a port that does not take TLS is a broker's port in the clear. A broker answers a TLS handshake on such a port by closing the connection
/// or not at all, as a broken network does: only what it says to MQTT is certain.
/// </summary>
internal static class PlainPort
{
    private const byte FirstTlsRecord = 20;
    private const byte LastTlsRecord = 23;
    private const byte ConnAck = 0x20;

    // CONNECT of MQTT 3.1.1 with a clean session and no client id: it says nothing about the device, and leaves nothing at the broker.
    private static readonly byte[] Question = [0x10, 12, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 10, 0, 0];

    /// <summary>Whether a first byte begins a TLS record (RFC 8446, 5.1).</summary>
    public static bool IsTls(byte first) => first is >= FirstTlsRecord and <= LastTlsRecord;

    /// <summary>Asks on a connection of its own; true when the answer is a CONNACK, whatever it says.</summary>
    /// <param name="open">Connects to the port.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="stop">Gives up.</param>
    public static async ValueTask<bool> AnswersAsync(
        Func<CancellationToken, ValueTask<SocketStream>> open, MqttConnectionOptions options, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            using SocketStream stream = await open(either.Token).ConfigureAwait(false);
            await stream.WriteAsync(Question, either.Token).ConfigureAwait(false);
            byte[] answer = new byte[1];
            return await stream.ReadAsync(answer, either.Token).ConfigureAwait(false) == 1 && answer[0] == ConnAck;
        }
        catch (Exception e) when (NetworkErrors.Contain(e) || e is MqttException)
        {
            stop.ThrowIfCancellationRequested();
            return false;
        }
    }
}
