using IotOps.Archive;
using IotOps.Aws;

namespace IotOps.Benchmarks.Archive;

/// <summary>The same GET by the same transport, unsigned: what .NET's HTTP costs by itself.</summary>
internal sealed class BareHttpReader(Uri endpoint) : ILogObjectReader, IDisposable
{
    private readonly HttpMessageInvoker _http = new(AwsHttpHandler.Create());

    public async Task<Stream> OpenAsync(LogObject logObject, long offset, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, $"{logObject.Bucket}/{logObject.Key}"));
        HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
