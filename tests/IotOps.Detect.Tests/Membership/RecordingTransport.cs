using System.Net;

namespace IotOps.Detect.Tests.Membership;

/// <summary>Sends requests on, remembers their paths, and answers some with an error itself.</summary>
internal sealed class RecordingTransport : DelegatingHandler
{
    public RecordingTransport() : base(new SocketsHttpHandler())
    {
    }

    public List<string> Paths { get; } = [];

    /// <summary>The status to answer a request with; null sends it on.</summary>
    public Func<Uri, HttpStatusCode?> Refuse { get; set; } = _ => null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Paths.Add(request.RequestUri!.AbsolutePath);
        return Refuse(request.RequestUri) is { } status ? new HttpResponseMessage(status) { RequestMessage = request } : await base.SendAsync(request, cancellationToken);
    }
}
