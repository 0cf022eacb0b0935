using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Calls;

/// <summary>Whoever answers cannot fill a device's memory.</summary>
public sealed class AnswerSizeTests
{
    private const int Huge = 32 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_refusal_only_the_beginning_is_read(bool announced)
    {
        var body = new EndlessBody("{\"__type\":\"ValidationException\",\"message\":\"words\",\"more\":\"", Huge, announced);

        AwsException refusal = await Should.ThrowAsync<AwsException>(() => SendAsync(HttpStatusCode.BadRequest, body));

        (refusal.Code, refusal.StatusCode).ShouldBe(("ValidationException", HttpStatusCode.BadRequest));
        body.Taken.ShouldBeLessThanOrEqualTo(64 * 1024);
    }

    [Theory]
    [InlineData(1000, 1000, false)]
    [InlineData(1000, 1000, true)]
    [InlineData(1000, 999, false)]
    [InlineData(5_000_000, 5_000_000, false)]
    public async Task An_answer_up_to_the_limit_is_taken_whole(int limit, int length, bool announced)
    {
        AwsResponse response = await SendAsync(HttpStatusCode.OK, new EndlessBody("", length, announced), limit);

        response.Body.Length.ShouldBe(length);
        response.Body.Span.IndexOfAnyExcept((byte)'x').ShouldBe(-1);
    }

    [Theory]
    [InlineData(1000, 1001, false)]
    [InlineData(1000, 1001, true)]
    [InlineData(1000, Huge, false)]
    public async Task A_longer_one_is_a_failure_that_names_the_limit(int limit, int length, bool announced)
    {
        var body = new EndlessBody("", length, announced);

        AwsException failure = await Should.ThrowAsync<AwsException>(() => SendAsync(HttpStatusCode.OK, body, limit));

        (failure.Code, failure.IsTransient).ShouldBe(("AnswerTooLarge", false));
        failure.Message.ShouldContain("more than 1000 bytes, which is MaxResponseBytes");
        body.Taken.ShouldBeLessThanOrEqualTo(limit + 1);
    }

    private static async Task<AwsResponse> SendAsync(HttpStatusCode status, HttpContent body, int limit = 16 << 20)
    {
        using var transport = new StubHttpHandler(_ => new HttpResponseMessage(status) { Content = body });
        using var client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials("id", "secret"),
            Endpoint = new Uri("http://127.0.0.1:1"),
            Transport = transport,
            Retry = AwsRetryOptions.None,
            MaxResponseBytes = limit,
        });
        return await client.SendAsync(new AwsRequest { Method = HttpMethod.Get, Operation = "GetObject", Path = "/b/k" });
    }

    // Bytes made as they are read, and counted.
    private sealed class EndlessBody : HttpContent
    {
        private readonly Source _source;
        private readonly bool _announced;

        public EndlessBody(string beginning, int length, bool announced)
        {
            _source = new Source(System.Text.Encoding.UTF8.GetBytes(beginning), length);
            _announced = announced;
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        public long Taken => _source.Taken;

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_source);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _source.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = _source.Whole;
            return _announced;
        }
    }

    private sealed class Source(byte[] beginning, int length) : Stream
    {
        public long Taken { get; private set; }

        public int Whole => length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Taken;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = (int)Math.Min(count, length - Taken);
            for (int i = 0; i < read; i++, Taken++)
            {
                buffer[offset + i] = Taken < beginning.Length ? beginning[Taken] : (byte)'x';
            }

            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
