using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.DataPlane;

/// <summary>An emulator, and a bare client of its data plane.</summary>
public abstract class DataPlaneTestBase : MqttTestBase
{
    private protected Task<DataPlaneReply> CallAsync(HttpMethod method, string path, string body = "", TestSigner? signer = null, params (string Name, string Value)[] headers) =>
        CallAsync(method, path, System.Text.Encoding.UTF8.GetBytes(body), signer, headers);

    private protected async Task<DataPlaneReply> CallAsync(
        HttpMethod method, string path, byte[] body, TestSigner? signer = null, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(Emulator.Endpoint, path));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        (signer ?? Signer("iotdata")).Sign(request, body, Clock.GetUtcNow());
        using HttpResponseMessage response = await http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        string? error = response.Headers.TryGetValues("x-amzn-ErrorType", out IEnumerable<string>? types) ? types.Single() : null;
        return new DataPlaneReply((int)response.StatusCode, error, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    private protected TestSigner Signer(string service) => new(Emulator.AccessKeyId, Emulator.SecretAccessKey, "us-east-1", service) { EncodesPath = true };
}
