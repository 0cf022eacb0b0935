using System.Net;

namespace IotOps.Detect.Tests.Quarantine;

/// <summary>Sends requests, records those that change something, and may be killed before one of them and after it.</summary>
internal sealed class KilledTransport : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(new SocketsHttpHandler());

    public KillSwitch Kill { get; set; } = new();

    /// <summary>Method, path and query, and body of the requests that change something, in their order.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>All requests.</summary>
    public int Requests { get; private set; }

    /// <summary>Answers in the service's place; null sends the request.</summary>
    public Func<string, HttpStatusCode?> Answer { get; set; } = _ => null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        string path = request.RequestUri!.PathAndQuery;
        bool isChange = request.Method != HttpMethod.Get && !path.StartsWith("/attached-policies/", StringComparison.Ordinal);
        if (isChange)
        {
            Kill.Pass();
            Changes.Add($"{request.Method} {path} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken))}".TrimEnd());
        }

        HttpResponseMessage response = Answer($"{request.Method} {path}") is { } status
            ? new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent("<html></html>") }
            : await _inner.SendAsync(request, cancellationToken);
        if (isChange)
        {
            Kill.Pass();
        }

        return response;
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }
}
