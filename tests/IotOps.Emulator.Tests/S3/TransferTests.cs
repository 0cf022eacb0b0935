using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IotOps.Emulator.Tests.S3;

/// <summary>How bodies travel.</summary>
public sealed class TransferTests : S3TestBase
{
    [Fact]
    public async Task A_body_without_its_length_is_not_implemented()
    {
        string url = Bare.Signer.Presign(HttpMethod.Put, new Uri(Emulator.Endpoint, "bucket/k"), TimeProvider.System.GetUtcNow(), []).ToString();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent([1, 2, 3]) };
        request.Headers.TransferEncodingChunked = true;

        using HttpResponseMessage response = await http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        string body = await response.Content.ReadAsStringAsync();
        body.ShouldContain("<Code>NotImplemented</Code>");
        body.ShouldContain("<Header>Transfer-Encoding</Header>");
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task A_PUT_that_says_nothing_of_a_body_wants_a_length()
    {
        Uri url = Bare.Signer.Presign(HttpMethod.Put, new Uri(Emulator.Endpoint, "bucket/k"), TimeProvider.System.GetUtcNow(), []);
        using Connection connection = await Connection.OpenAsync(Emulator);

        string answer = await connection.SendAsync($"PUT {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 411 ");
        answer.ShouldContain("<Code>MissingContentLength</Code>");
    }

    [Theory]
    [InlineData("If-None-Match: *", 412)]
    [InlineData("If-Match: \"dead\"", 412)]
    [InlineData("x-amz-acl: public-read", 403)]
    public async Task A_refusal_that_leaves_an_announced_body_unread_says_that_the_connection_closes(string header, int status)
    {
        await Bare.PutAsync("bucket/k", [1]);
        Uri url = Bare.Signer.Presign(HttpMethod.Put, new Uri(Emulator.Endpoint, "bucket/k"), TimeProvider.System.GetUtcNow(), []);
        using Connection connection = await Connection.OpenAsync(Emulator);

        string answer = await connection.SendAsync($"PUT {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nExpect: 100-continue\r\nContent-Length: 3\r\n{header}\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("\r\nConnection: close\r\n");
    }

    [Fact]
    public async Task A_body_that_was_asked_for_is_read_and_the_connection_stays()
    {
        Uri url = Bare.Signer.Presign(HttpMethod.Put, new Uri(Emulator.Endpoint, "bucket/k"), TimeProvider.System.GetUtcNow(), []);
        using Connection connection = await Connection.OpenAsync(Emulator);

        string asked = await connection.SendAsync($"PUT {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        asked.ShouldStartWith("HTTP/1.1 100 ");
        string answer = await connection.SendAsync("abc");

        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldNotContain("Connection: close");
        (await StoredAsync("k")).ShouldBe("abc"u8.ToArray());
    }

    [Fact]
    public async Task A_refused_request_of_any_service_that_leaves_its_body_unread_closes_the_connection()
    {
        using Connection connection = await Connection.OpenAsync(Emulator);

        string answer = await connection.SendAsync(
            $"POST / HTTP/1.1\r\nHost: {Emulator.Endpoint.Authority}\r\nX-Amz-Target: Nobody.Nothing\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 501 ");
        answer.ShouldContain("\r\nConnection: close\r\n");
    }

    [Theory]
    [InlineData("bucket/k")]
    [InlineData("bucket/k?partNumber=1&uploadId=ID")]
    public async Task More_than_five_gigabytes_are_too_large_before_they_are_sent(string path)
    {
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [])).Text("UploadId")!;
        Uri url = Bare.Signer.Presign(
            HttpMethod.Put, new Uri(Emulator.Endpoint, path.Replace("ID", id, StringComparison.Ordinal)), TimeProvider.System.GetUtcNow(), []);
        using Connection connection = await Connection.OpenAsync(Emulator);

        string answer = await connection.SendAsync(
            $"PUT {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nExpect: 100-continue\r\nContent-Length: {(5L << 30) + 1}\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("<Code>EntityTooLarge</Code>");
    }

    [Fact]
    public async Task Chunks_beyond_the_announced_length_are_not_kept()
    {
        byte[] chunk = new byte[8_192];

        S3Reply reply = await Bare.PutChunkedAsync(
            "bucket/k", chunk.Length, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", null, f => f.Signed(chunk).Signed(chunk).Signed([]).End());

        (reply.Status, reply.Code).ShouldBe((400, "IncompleteBody"));
        (await StoredAsync("k")).ShouldBeNull();
    }

    /// <summary>One connection that sends and reads text.</summary>
    private sealed class Connection(TcpClient tcp) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        public static async Task<Connection> OpenAsync(AwsEmulator emulator)
        {
            var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, emulator.Endpoint.Port);
            return new Connection(tcp);
        }

        /// <summary>Sends and returns the answer's head, and its body as far as it came along.</summary>
        public async Task<string> SendAsync(string text)
        {
            await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            var answer = new StringBuilder();
            byte[] buffer = new byte[8_192];
            do
            {
                int count = await tcp.GetStream().ReadAsync(buffer, patience.Token);
                answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
                if (count == 0)
                {
                    break;
                }
            }
            while (!IsWhole(answer.ToString()));

            return answer.ToString();
        }

        public void Dispose() => tcp.Dispose();

        private static bool IsWhole(string answer)
        {
            int end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            int length = answer.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            return end >= 0 && (length < 0 || answer.Length >= end + 4 + int.Parse(answer[(length + 16)..answer.IndexOf('\r', length)]));
        }
    }
}
