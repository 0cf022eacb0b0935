using System.Net;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Transports;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Mqtt;

/// <summary>
/// MQTT over WebSocket at /mqtt, signed in the query.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html.
/// </summary>
internal sealed class WebSocketEndpoint(MqttEndpoint mqtt, SignatureVerifier verifier) : IEndpoint
{
    public const string Path = "/mqtt";

    private const string SubProtocol = "mqtt";

    // Without the upgrade it is a request to a bucket of that name.
    public bool IsFor(HttpContext context) => context.Request.Path == Path && context.WebSockets.IsWebSocketRequest;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            VerifiedSignature signature = verifier.VerifyJson(context.Request, RequestTarget.Of(context), SignatureErrors.DeviceGateway, []);
            if (!context.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol, StringComparer.Ordinal))
            {
                throw new Refusal(400, "InvalidRequestException", "The WebSocket subprotocol is mqtt.");
            }

            if (!mqtt.IsListening)
            {
                context.Abort();
                return;
            }

            using System.Net.WebSockets.WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(SubProtocol).ConfigureAwait(false);
            await mqtt.ServeAsync(socket, Describe(context.Connection, signature)).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await JsonAnswer.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private static TransportInfo Describe(ConnectionInfo connection, VerifiedSignature signature) => new("websocket")
    {
        AccessKeyId = signature.Claim.AccessKeyId,
        Source = connection.RemoteIpAddress is { } remote ? new IPEndPoint(remote, connection.RemotePort) : null,
        Target = connection.LocalIpAddress is { } local ? new IPEndPoint(local, connection.LocalPort) : null,
    };
}
