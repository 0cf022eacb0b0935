using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Calls;

/// <summary>A client over a scripted service and a clock that stands still; waits are recorded and passed at once.</summary>
internal sealed class CallFixture : IDisposable
{
    private readonly Queue<Func<RecordedRequest, HttpResponseMessage>> _script;
    private readonly StubHttpHandler _transport;

    public CallFixture(params IEnumerable<Func<RecordedRequest, HttpResponseMessage>> script)
    {
        _script = new Queue<Func<RecordedRequest, HttpResponseMessage>>(script);
        _transport = new StubHttpHandler(request => _script.Count > 1 ? _script.Dequeue()(request) : _script.Peek()(request));
    }

    public ManualTimeProvider Time { get; } = new();

    public AWSCredentials Credentials { get; init; } = new BasicAWSCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    public AwsRetryOptions Retry { get; init; } = new() { BaseDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero };

    public double Random { get; init; } = 1;

    public IReadOnlyList<RecordedRequest> Requests => _transport.Requests;

    public AwsClient Client => field ??= new AwsClient(
        new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = "us-east-1",
            Credentials = Credentials,
            Transport = _transport,
            TimeProvider = Time,
            Retry = Retry,
            Endpoint = new Uri("https://logs.us-east-1.amazonaws.com"),
        },
        () => Random);

    public static Func<RecordedRequest, HttpResponseMessage> Ok(string body = "{}") => _ => Answer(HttpStatusCode.OK, body);

    public static Func<RecordedRequest, HttpResponseMessage> Error(int status, string code, Action<HttpResponseMessage>? with = null) => _ =>
    {
        HttpResponseMessage response = Answer((HttpStatusCode)status, $$"""{"__type":"com.amazonaws.logs#{{code}}","message":"words"}""");
        with?.Invoke(response);
        return response;
    };

    public static Func<RecordedRequest, HttpResponseMessage> Fail(Exception e) => _ => throw e;

    public Task<AwsResponse> SendAsync(CancellationToken cancellationToken = default) =>
        Client.SendAsync(AwsRequest.Json11("Logs_20140328.PutLogEvents", "{}"u8.ToArray()), cancellationToken);

    public void Dispose()
    {
        Client.Dispose();
        _transport.Dispose();
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) => new(status)
    {
        Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.1"),
    };
}
