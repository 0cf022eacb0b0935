using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Connecting;
using IotOps.Mqtt.Receiving;

namespace IotOps.Mqtt.Sessions;

/// <summary>CONNECT and CONNACK. Nothing else is sent before the broker has answered, as AWS IoT Core wants it.</summary>
internal static class Handshake
{
    /// <param name="transport">A new one.</param>
    /// <param name="buffer">Keeps what follows the CONNACK.</param>
    /// <param name="options">Who connects.</param>
    /// <param name="cleanStart">Whether the broker is to forget.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="MqttException">The broker refused, or did not answer.</exception>
    public static async ValueTask<ConnAckPacket> RunAsync(
        Transport transport, ReceiveBuffer buffer, MqttConnectionOptions options, bool cleanStart, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.ConnackTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            await transport.Stream.WriteAsync(ConnectCodec.Write(options, cleanStart), either.Token).ConfigureAwait(false);
            ConnAckPacket? answer;
            while (!TryRead(buffer, options.ProtocolVersion, out answer))
            {
                int read = await transport.Stream.ReadAsync(buffer.Room(), either.Token).ConfigureAwait(false);
                buffer.Add(read);
                if (read == 0)
                {
                    throw new MqttException("The broker closed the connection instead of answering CONNECT. Check the client id, the certificate's policy and the protocol version.") { IsTransient = true };
                }
            }

            Check(answer!, options, cleanStart);
            return answer!;
        }
        catch (Exception e) when (NetworkErrors.Contain(e))
        {
            stop.ThrowIfCancellationRequested();
            throw timeout.IsCancellationRequested
                ? new MqttException($"The broker did not answer CONNECT within {options.ConnackTimeout.TotalSeconds:0.#} s (ConnackTimeout).") { IsTransient = true }
                : new MqttException($"The connection broke before the broker answered CONNECT: {e.Message}", e) { IsTransient = true };
        }
    }

    private static bool TryRead(ReceiveBuffer buffer, MqttProtocolVersion version, out ConnAckPacket? answer)
    {
        answer = buffer.TryRead(out FrameHeader header, out ReadOnlySpan<byte> body) ? ConnAckPacket.Read(header, body, version) : null;
        return answer is not null;
    }

    private static void Check(ConnAckPacket answer, MqttConnectionOptions options, bool cleanStart)
    {
        if (answer.Reason != MqttReasonCode.Success)
        {
            throw Refusal(answer, options);
        }

        if (answer.SessionPresent && cleanStart)
        {
            throw Malformed.Protocol("a session is present after a clean start");
        }

        if (answer.AssignedClientId is { } assigned && assigned != options.ClientId)
        {
            throw Malformed.Protocol($"client id '{options.ClientId}' became '{assigned}'");
        }
    }

    private static MqttException Refusal(ConnAckPacket answer, MqttConnectionOptions options) =>
        MqttException.Refused($"The broker refused the connection of client id '{options.ClientId}'", answer.Reason, answer.ReasonString);
}
