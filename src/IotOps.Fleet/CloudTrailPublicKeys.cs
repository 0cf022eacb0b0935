using System.Text.Json;
using IotOps.Aws;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>
/// The public keys as CloudTrail lists them. Needs <c>cloudtrail:ListPublicKeys</c>.
/// See https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html.
/// </summary>
/// <param name="client">A client of <see cref="AwsService.CloudTrail"/> in the region whose digests are validated: keys are regional. Stays the caller's.</param>
public sealed class CloudTrailPublicKeys(AwsClient client) : ITrailPublicKeys
{
    private const string Operation = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListPublicKeys";

    /// <inheritdoc/>
    /// <exception cref="AwsException">CloudTrail refused, or its answer is none.</exception>
    public async Task<IReadOnlyList<TrailPublicKey>> ListAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        AwsRequest request = AwsRequest.Json11(Operation, json =>
        {
            json.WriteNumber("StartTime"u8, since.ToUnixTimeSeconds());
            json.WriteNumber("EndTime"u8, until.ToUnixTimeSeconds());
        });
        AwsResponse response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            JsonElement list = Members.Object(JsonElement.Parse(response.Body.Span), "PublicKeyList"u8);
            return list.ValueKind != JsonValueKind.Array
                ? []
                : [.. list.EnumerateArray().Select(key => new TrailPublicKey(Members.Text(key, "Fingerprint"u8) ?? "", Convert.FromBase64String(Members.Text(key, "Value"u8) ?? "")))];
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new AwsException($"cloudtrail ListPublicKeys answered with something that is no list of keys: {e.Message}", e)
            {
                Service = "cloudtrail",
                Operation = "ListPublicKeys",
                Code = "UnreadableAnswer",
                StatusCode = response.StatusCode,
                RequestId = response.RequestId,
            };
        }
    }
}
