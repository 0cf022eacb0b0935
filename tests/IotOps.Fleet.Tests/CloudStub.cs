using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests;

/// <summary>A service that answers what was prepared, one answer a call, and keeps what it was asked.</summary>
internal sealed class CloudStub : IDisposable
{
    private readonly Queue<(HttpStatusCode Status, string Body)> _answers = new();
    private readonly StubHttpHandler _transport;

    public CloudStub(AwsService service)
    {
        _transport = new StubHttpHandler(_ => Next());
        Client = new AwsClient(new AwsClientOptions
        {
            Service = service,
            Region = "eu-west-1",
            Credentials = new BasicAWSCredentials("AKIAEXAMPLE", "secret"),
            Endpoint = new Uri("http://localhost"),
            Transport = _transport,
            Retry = AwsRetryOptions.None,
        });
    }

    public AwsClient Client { get; }

    public IReadOnlyList<RecordedRequest> Requests => _transport.Requests;

    /// <summary>The bodies of the requests, as text.</summary>
    public IReadOnlyList<string> Bodies => [.. Requests.Select(request => Encoding.UTF8.GetString(request.Body))];

    public void Answer(string body, HttpStatusCode status = HttpStatusCode.OK) => _answers.Enqueue((status, body));

    public void Dispose()
    {
        Client.Dispose();
        _transport.Dispose();
    }

    private HttpResponseMessage Next()
    {
        (HttpStatusCode status, string body) = _answers.Dequeue();
        return new HttpResponseMessage(status) { Content = new StringContent(body) };
    }
}
