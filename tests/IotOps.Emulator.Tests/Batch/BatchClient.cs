using System.Text;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Batch;

/// <summary>A bare client of AWS Batch.</summary>
internal sealed class BatchClient(AwsEmulator emulator, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _http = new();

    public TestSigner Signer { get; set; } = new(emulator.AccessKeyId, emulator.SecretAccessKey, "eu-west-1", "batch");

    public async Task<(int Status, string? Code, JsonObject Answer)> CallAsync(string operation, string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(emulator.Endpoint, "/v1/" + operation)) { Content = new ByteArrayContent(body) };
        Signer.Sign(request, body, clock.GetUtcNow());
        using HttpResponseMessage response = await _http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, response.Headers.TryGetValues("x-amzn-ErrorType", out IEnumerable<string>? codes) ? codes.Single() : null, JsonNode.Parse(answer)!.AsObject());
    }

    public async Task<string> SubmitAsync(string json = """{"jobName":"j","jobQueue":"q","jobDefinition":"d"}""")
    {
        (int status, _, JsonObject answer) = await CallAsync("submitjob", json);
        status.ShouldBe(200, answer.ToJsonString());
        return (string)answer["jobId"]!;
    }

    public async Task<JsonObject> DescribeAsync(string jobId) =>
        (await CallAsync("describejobs", $$"""{"jobs":["{{jobId}}"]}""")).Answer["jobs"]!.AsArray().ShouldHaveSingleItem()!.AsObject();

    public async Task<string[]> ListAsync(string json) =>
        [.. (await CallAsync("listjobs", json)).Answer["jobSummaryList"]!.AsArray().Select(j => (string)j!["jobName"]!)];

    public void Dispose() => _http.Dispose();
}
