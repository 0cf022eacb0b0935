using System.Globalization;
using System.Text;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt;

namespace IotOps.InteropTests.Mqtt;

/// <summary>What the tests on mosquitto share.</summary>
public abstract class MosquittoTest(InteropPeers peers)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected InteropPeers Peers { get; } = peers;

    protected static MqttConnectionOptions Options(int port, MqttProtocolVersion version = MqttProtocolVersion.V5, string clientId = "interop") => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Tls = null,
        ClientId = clientId,
        ProtocolVersion = version,
        Limits = MqttLimits.None,
    };

    protected static async Task<MqttConnection> ConnectAsync(MqttConnectionOptions options)
    {
        var client = new MqttConnection(options);
        await client.ConnectAsync().WaitAsync(Patience, TimeProvider.System);
        return client;
    }

    protected static async Task<MqttConnectionState> StateAsync(MqttConnection client, Func<MqttConnectionState, bool> wanted)
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        MqttConnectionState state = client.State;
        while (!wanted(state))
        {
            state = await client.WaitForChangeAsync(state, timeout.Token);
        }

        return state;
    }

    /// <summary>Reads numbers from 0 until all have come; the broker may repeat some.</summary>
    protected static async Task<List<int>> ReadNumbersAsync(IMqttSubscription subscription, int count)
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        List<int> numbers = [];
        HashSet<int> seen = [];
        while (seen.Count < count)
        {
            using MqttReceivedMessage message = await subscription.Messages.ReadAsync(timeout.Token);
            int number = int.Parse(Encoding.UTF8.GetString(message.Payload.Span), CultureInfo.InvariantCulture);
            numbers.Add(number);
            seen.Add(number);
        }

        return numbers;
    }

    protected static byte[] Number(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
