using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Benchmarks.Archive;

/// <summary>
/// As little of S3 as an export asks for, so that what is measured is the exporter: lists so many objects of so many bytes, answers every GET with logs of
/// that length, takes whatever is uploaded and forgets it. Objects from 1 MiB on: the first one comes slowly, over about 20 s. A process of its own,
/// <c>null-s3 COUNT BYTES</c>, which prints its port and ends with its standard input.
/// </summary>
internal sealed class NullS3(int count, long bytes)
{
    private const int PageKeys = 1_000;
    private const int ChunkBytes = 256 << 10;
    private const int LogBytes = 16 * ChunkBytes;
    private const double SlowSeconds = 20;
    private static readonly byte[] EndOfHeaders = "\r\n\r\n"u8.ToArray();

    private readonly byte[] _log = MakeLog((int)Math.Min(bytes, LogBytes));
    private byte[] _small = [];

    /// <summary>Serves until standard input ends.</summary>
    public async Task RunAsync()
    {
        _small = [.. Headers(bytes, ETag), .. _log];
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1_024);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        _ = AcceptAsync(listener);
        await Console.In.ReadToEndAsync();
    }

    /// <summary>Starts it, on the last processor so that the first ones are the exporter's.</summary>
    public static (Process Process, Uri Endpoint) Start(int count, long bytes)
    {
        string[] arguments = ["-c", $"{Environment.ProcessorCount - 1}", "dotnet", typeof(NullS3).Assembly.Location, "null-s3", $"{count}", $"{bytes}"];
        var process = Process.Start(new ProcessStartInfo("taskset", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return (process, new Uri($"http://127.0.0.1:{process.StandardOutput.ReadLine()}"));
    }

#pragma warning disable CA5351 // What S3 gives as ETag, and what the SDK verifies.
    private string ETag => Convert.ToHexStringLower(MD5.HashData(_log));
#pragma warning restore CA5351

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client = await listener.AcceptAsync();
            client.NoDelay = true;
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        byte[] request = new byte[64 << 10];
        using (client)
        {
            for (int filled = 0; ;)
            {
                int received = await client.ReceiveAsync(request.AsMemory(filled));
                if (received == 0)
                {
                    return;
                }

                filled += received;
                for (int end; (end = request.AsSpan(0, filled).IndexOf(EndOfHeaders)) >= 0;)
                {
                    // A GET has no body, so of its head only the first line counts: of tiny objects this process must not be what limits them.
                    bool isGet = request.AsSpan(0, filled).StartsWith("GET "u8);
                    string head = Encoding.ASCII.GetString(request, 0, isGet ? request.AsSpan(0, end).IndexOf((byte)'\r') : end);
                    int used = end + EndOfHeaders.Length;
                    filled -= used;
                    request.AsSpan(used, filled).CopyTo(request);
                    if (!isGet && head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase))
                    {
                        await client.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                    }

                    for (long body = isGet ? 0 : Length(head); body > 0;)
                    {
                        int taken = (int)Math.Min(body, filled);
                        body -= taken;
                        filled -= taken;
                        request.AsSpan(taken, filled).CopyTo(request);
                        filled += body > 0 ? await client.ReceiveAsync(request.AsMemory(filled)) : 0;
                    }

                    await AnswerAsync(client, head[..head.IndexOf(" HTTP/", StringComparison.Ordinal)]);
                }
            }
        }
    }

    private static long Length(string head)
    {
        const string Name = "Content-Length: ";
        int at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : long.Parse(head[(at + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }

    private Task AnswerAsync(Socket client, string line) => line switch
    {
        _ when line.StartsWith("GET", StringComparison.Ordinal) && line.Contains("list-type=2", StringComparison.Ordinal) => SendAsync(client, List(line)),
        _ when line.StartsWith("GET", StringComparison.Ordinal) && line.Contains("uploads", StringComparison.Ordinal) => SendAsync(client, "<ListMultipartUploadsResult/>"),
        _ when line.StartsWith("GET", StringComparison.Ordinal) => SendObjectAsync(client, isSlow: bytes >= 1 << 20 && line.EndsWith("000000", StringComparison.Ordinal)),
        _ when line.Contains("uploads", StringComparison.Ordinal) => SendAsync(client, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"),
        _ when line.StartsWith("POST", StringComparison.Ordinal) => SendAsync(client, "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>"),
        _ => SendAsync(client, ""),
    };

    private static async Task SendAsync(Socket client, string xml) => await client.SendAsync((byte[])[.. Headers(xml.Length, "e"), .. Encoding.ASCII.GetBytes(xml)]);

    private async Task SendObjectAsync(Socket client, bool isSlow)
    {
        if (_log.Length == bytes)
        {
            await client.SendAsync(_small);
            return;
        }

        TimeSpan pause = TimeSpan.FromSeconds(isSlow ? SlowSeconds * ChunkBytes / bytes : 0);
        await client.SendAsync(Headers(bytes, "e"));
        long left = bytes;
        for (int at = 0; left > 0; at = (at + ChunkBytes) % LogBytes)
        {
            int sent = (int)Math.Min(left, ChunkBytes);
            await client.SendAsync(_log.AsMemory(at, sent));
            left -= sent;
            if (isSlow)
            {
                await Task.Delay(pause, TimeProvider.System);
            }
        }
    }

    private string List(string line)
    {
        string Query(string name) => line.Split('?')[1].Split('&').Select(p => p.Split('=')).FirstOrDefault(p => p[0] == name) is [_, var value] ? Uri.UnescapeDataString(value) : "";
        int first = int.TryParse(Query("continuation-token"), CultureInfo.InvariantCulture, out int token) ? token : 0;
        int end = Math.Min(count, first + PageKeys);
        string etag = bytes > LogBytes ? "e" : ETag;
        string prefix = Query("prefix");
        var xml = new StringBuilder("<ListBucketResult>");
        for (int i = first; i < end; i++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{prefix}{i:D6}</Key><Size>{bytes}</Size><ETag>\"{etag}\"</ETag></Contents>");
        }

        xml.Append(end < count ? $"<IsTruncated>true</IsTruncated><NextContinuationToken>{end}</NextContinuationToken>" : "<IsTruncated>false</IsTruncated>");
        return xml.Append("</ListBucketResult>").ToString();
    }

    private static byte[] Headers(long length, string etag) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nx-amz-request-id: 0123456789ABCDEF\r\nDate: {TimeProvider.System.GetUtcNow():R}\r\nETag: \"{etag}\"\r\nContent-Length: {length}\r\n\r\n");

    // Records as long as the log is; where it begins again one is torn, which text does not mind.
    private static byte[] MakeLog(int length)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        for (int i = 0; text.Length < length - 1; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""{"thingName":"THING00001","timestamp":{{1_696_118_400_000L + (i * 250L)}},"seq":{{i}},"temperature":{{random.Next(2000) / 100.0}},"rssi":{{-random.Next(90)}},"state":"running"}""").Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length - 1) + "\n");
    }
}
