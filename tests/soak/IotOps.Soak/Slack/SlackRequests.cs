using System.Globalization;
using System.Net;
using IotOps.Emulator;
using IotOps.SlackExport.Tests;
using IotOps.Slack;

namespace IotOps.Soak.Slack;

/// <summary>Sends requests when they are due.</summary>
internal sealed class SlackRequests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly Uri _url;
    private readonly string _responseUrl;
    private readonly string _command;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = TimeSpan.FromSeconds(5) };
    private int _sent;

    public SlackRequests(Uri serve, AwsEmulator aws, string command)
    {
        _url = new Uri(serve, "/slack/iot-log");
        _responseUrl = aws.Slack.CreateResponseUrl().AbsoluteUri;
        _command = command;
    }

    public async Task<SlackLatencies> RunAsync(int rate, TimeSpan duration)
    {
        int count = (int)(rate * duration.TotalSeconds);
        var answers = new Task<TimeSpan?>[count];
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        for (int sent = 0; sent < count; await timer.WaitForNextTickAsync())
        {
            double due = TimeProvider.System.GetElapsedTime(start).TotalSeconds * rate;
            for (; sent < count && sent < due; sent++)
            {
                answers[sent] = SendAsync(start + (long)(sent * (double)TimeProvider.System.TimestampFrequency / rate));
            }
        }

        TimeSpan?[] latencies = await Task.WhenAll(answers);
        return new SlackLatencies([.. latencies.OfType<TimeSpan>().Order()], latencies.Count(l => l is null));
    }

    public void Dispose() => _http.Dispose();

    private async Task<TimeSpan?> SendAsync(long dueAt)
    {
        int number = Interlocked.Increment(ref _sent);
        byte[] body = new SlackForm { Text = string.Format(CultureInfo.InvariantCulture, _command, number), User = $"U{number}", ResponseUrl = _responseUrl }.ToBytes();
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Headers.Add(SlackRequestHeaders.TimestampName, signed.Timestamp);
        request.Headers.Add(SlackRequestHeaders.SignatureName, signed.Signature);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(dueAt);

            // "Your command has arrived" or "too many" is an answer to a user, and none to this test.
            bool asExpected = response.StatusCode == HttpStatusCode.OK && !text.Contains("has arrived", StringComparison.Ordinal) && !text.Contains("Too many", StringComparison.Ordinal);
            return asExpected ? elapsed : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
