namespace IotOps.TestKit;

/// <summary>Answers HTTP requests by a function, and keeps what was asked, bodies included.</summary>
public sealed class StubHttpHandler(Func<RecordedRequest, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly List<RecordedRequest> _requests = [];

    /// <summary>What was asked so far, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get { lock (_requests) { return [.. _requests]; } }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var recorded = new RecordedRequest(request, body);
        lock (_requests) { _requests.Add(recorded); }

        HttpResponseMessage response = answer(recorded);
        response.RequestMessage ??= request;
        return response;
    }
}
