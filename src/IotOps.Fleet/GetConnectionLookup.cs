using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Fleet;

/// <summary>
/// Asks AWS IoT by GetConnection. Needs <c>iot:GetConnection</c>. See https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html.
/// </summary>
/// <param name="client">A client of <see cref="AwsService.IotData"/>; stays the caller's.</param>
public sealed class GetConnectionLookup(AwsClient client) : IConnectionLookup
{
    /// <inheritdoc/>
    /// <returns>False also for a client that AWS IoT does not know; null when the answer says nothing.</returns>
    /// <exception cref="AwsException">AWS IoT refused.</exception>
    public async Task<bool?> IsConnectedAsync(string clientId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        var request = new AwsRequest { Operation = "GetConnection", Method = HttpMethod.Get, Path = $"/connections/{clientId}" };
        try
        {
            AwsResponse response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return JsonElement.Parse(response.Body.Span).TryGetProperty("connected"u8, out JsonElement connected)
                ? connected.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
                : null;
        }
        catch (AwsException e) when (e.Code == "ResourceNotFoundException")
        {
            return false;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
