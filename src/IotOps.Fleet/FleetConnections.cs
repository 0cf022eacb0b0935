using System.Net;
using System.Text.Json;
using IotOps.Aws;
using IotOps.Fleet.Connections;

namespace IotOps.Fleet;

/// <summary>
/// The MQTT connections of an account's devices, by the data endpoint. Needs <c>iot:GetConnection</c> and <c>iot:SendDirectMessage</c>. See
/// https://docs.aws.amazon.com/iot/latest/developerguide/direct-messaging.html and
/// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html.
/// </summary>
/// <param name="client">A client of <see cref="AwsService.IotData"/>; stays the caller's.</param>
public sealed class FleetConnections(AwsClient client) : IConnectionLookup
{
    private const string NotFound = "ResourceNotFoundException";

    /// <summary>A client's connection as it is, or as it was when it ended; null for a client that AWS IoT does not know.</summary>
    /// <param name="clientId">The client, 1 to 128 bytes.</param>
    /// <param name="includeAddresses">Asks for its address and the endpoint's too, which needs a permission of its own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AwsException">AWS IoT refused, or its answer cannot be read.</exception>
    public async Task<FleetConnection?> GetAsync(string clientId, bool includeAddresses = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        var request = new AwsRequest
        {
            Operation = "GetConnection",
            Method = HttpMethod.Get,
            Segments = ["connections", clientId],
            Query = includeAddresses ? [new("includeSocketInformation", "true")] : [],
        };
        try
        {
            AwsResponse response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return FleetConnection.Read(clientId, JsonElement.Parse(response.Body.Span));
        }
        catch (AwsException e) when (e.Code == NotFound)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new AwsException("The answer of GetConnection is not JSON.", e) { Service = "iot", Operation = "GetConnection", Code = "UnreadableAnswer", StatusCode = HttpStatusCode.OK };
        }
    }

    /// <summary>
    /// Sends a message to one connected client, which needs no subscription but must be allowed <c>iot:Receive</c> on the topic: an IotOps.Mqtt
    /// device takes it by <c>MqttConnection.Listen</c>. It is not queued, not retained, and no rule sees it. It is sent once: after a failure it
    /// may have arrived.
    /// </summary>
    /// <param name="message">The message and its receiver.</param>
    /// <param name="cancellationToken">Ends the wait; the message may still arrive.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="ArgumentException">The message cannot be sent; the text says why.</exception>
    /// <exception cref="AwsException">AWS IoT refused, or could not be reached.</exception>
    public async Task<DirectMessageOutcome> SendAsync(DirectMessage message, CancellationToken cancellationToken = default)
    {
        AwsRequest request = DirectMessageRequest.Of(message);
        try
        {
            await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return message.ConfirmWithin is null ? DirectMessageOutcome.Sent : DirectMessageOutcome.Confirmed;
        }
        catch (AwsException e) when (e.Code == NotFound)
        {
            return DirectMessageOutcome.NotConnected;
        }
        catch (AwsException e) when (e.StatusCode == HttpStatusCode.GatewayTimeout)
        {
            return DirectMessageOutcome.Unconfirmed;
        }
    }

    async Task<bool?> IConnectionLookup.IsConnectedAsync(string clientId, CancellationToken cancellationToken) =>
        await GetAsync(clientId, cancellationToken: cancellationToken).ConfigureAwait(false) is { } connection ? connection.IsConnected : false;
}
