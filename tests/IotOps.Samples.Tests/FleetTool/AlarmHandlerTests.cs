using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Detect;
using IotOps.Fleet;
using IotOps.Samples.FleetTool.Routing;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class AlarmHandlerTests : IAsyncDisposable
{
    private readonly Sink _sink = new();
    private readonly AwsClient _iot;
    private readonly AlarmDispatcher _alarms;
    private readonly AlarmHandler _handler;

    public AlarmHandlerTests()
    {
        _iot = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.Iot,
            Region = "eu-west-1",
            Credentials = new BasicAWSCredentials("test", "test"),
            Transport = new StubHttpHandler(static _ => new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(
                    """{"findings":[{"findingId":"f1","taskId":"t1","checkName":"DEVICE_CERTIFICATE_SHARED_CHECK","severity":"CRITICAL","findingTime":1767225600,"nonCompliantResource":{"resourceType":"DEVICE_CERTIFICATE","resourceIdentifier":{"deviceCertificateId":"abc"}},"reasonForNonCompliance":"It is used by two."},{"findingId":"f2","taskId":"t1","checkName":"DEVICE_CERTIFICATE_SHARED_CHECK","isSuppressed":true}]}""",
                    Encoding.UTF8,
                    "application/json"),
            }),
        });
        _alarms = new AlarmDispatcher(new AlarmDispatcherOptions { Sinks = [_sink], GroupWindow = TimeSpan.Zero, RateLimit = 1_000, DigestAt = null, FirstRetry = TimeSpan.FromMilliseconds(1) });
        _handler = new AlarmHandler(_alarms, new AuditFindings(_iot));
    }

    public async ValueTask DisposeAsync()
    {
        await _alarms.DisposeAsync();
        _iot.Dispose();
    }

    [Theory]
    [InlineData("""{"taskId":"t1","taskStatus":"COMPLETED","auditDetails":[{"checkName":"DEVICE_CERTIFICATE_SHARED_CHECK","checkRunStatus":"COMPLETED_NON_COMPLIANT","nonCompliantResourcesCount":1}]}""", "audit/f1")]
    [InlineData("""{"taskId":"t1","taskStatus":"COMPLETED","auditDetails":[{"checkName":"DEVICE_CERTIFICATE_SHARED_CHECK","checkRunStatus":"COMPLETED_COMPLIANT","nonCompliantResourcesCount":0}]}""", "")]
    [InlineData("""{"taskId":"t1","taskStatus":"FAILED","auditDetails":[]}""", "audit")]
    [InlineData("""{"ruleName":"iotops_reports","topic":"a","base64OriginalPayload":"","failures":[{"failedAction":"SqsAction"}]}""", "rule iotops_reports")]
    [InlineData("""{"violationId":"v","violationEventType":"in-alarm","violationEventTime":1767225600000,"thingName":"a","securityProfileName":"p","behavior":{"name":"b"}}""", "detect/v/in-alarm")]
    public async Task A_message_becomes_its_alarms(string json, string idOrRule)
    {
        await RouteAsync(json);

        _sink.Alarms.Select(alarm => alarm.Id.StartsWith("message/", StringComparison.Ordinal) ? alarm.Rule : alarm.Id).ShouldBe(idOrRule.Length == 0 ? [] : [idOrRule]);
    }

    // The monitor finds it unusual once: a second delivery must find the alarm again.
    [Fact]
    public async Task An_unusual_connection_whose_alarm_was_not_taken_is_an_alarm_at_the_next_delivery_too()
    {
        var router = new EventRouter(new EventRouterOptions { Routes = [new EventRoute("all", EventPattern.Parse("""{"clientId":[{"exists":true}]}"""), _handler)] });
        long time = DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        for (int version = 0; version < 60; version++)
        {
            await router.RouteAsync(Connected(version, time + (version * 3_600_000L), "p1"), cancellationToken: TestContext.Current.CancellationToken);
        }

        using var soon = new CancellationTokenSource();
        _sink.FailWith(soon.Cancel);
        byte[] odd = Connected(60, time + (60 * 3_600_000L), "p2");
        await Should.ThrowAsync<OperationCanceledException>(() => router.RouteAsync(odd, cancellationToken: soon.Token));
        _sink.FailWith(null);
        RouteResult again = await router.RouteAsync(odd, cancellationToken: TestContext.Current.CancellationToken);

        again.Failures.ShouldBeEmpty();
        _sink.Alarms.ShouldContain(alarm => alarm.Rule == nameof(ConnectivityAlarmKind.NewPrincipal));
    }

    private static byte[] Connected(int version, long time, string principal) => Encoding.UTF8.GetBytes(
        $$"""{"clientId":"a","timestamp":{{time}},"eventType":"connected","sessionIdentifier":"s{{version}}","principalIdentifier":"{{principal}}","ipAddress":"192.0.2.1","versionNumber":{{version}}}""");

    private async Task RouteAsync(string json)
    {
        var router = new EventRouter(new EventRouterOptions
        {
            Routes = [new EventRoute("all", EventPattern.Parse("""{"$or":[{"n":[{"exists":true}]},{"n":[{"exists":false}]}]}"""), _handler)],
        });
        (await router.RouteAsync(Encoding.UTF8.GetBytes(json), cancellationToken: TestContext.Current.CancellationToken)).ThrowIfFailed();
    }

    private sealed class Sink : IAlarmSink
    {
        private readonly List<FleetAlarm> _alarms = [];

        private Action? _failing;

        public string Name => "test";

        public IReadOnlyList<FleetAlarm> Alarms
        {
            get { lock (_alarms) { return [.. _alarms]; } }
        }

        /// <summary>Fails each message after a call of this; null takes them again.</summary>
        public void FailWith(Action? failing) => Volatile.Write(ref _failing, failing);

        public Task SendAsync(AlarmMessage message, CancellationToken cancellationToken)
        {
            if (Volatile.Read(ref _failing) is { } failing)
            {
                failing();
                throw new AlarmSinkException("away");
            }

            lock (_alarms) { _alarms.AddRange(message.Alarms); }

            return Task.CompletedTask;
        }
    }
}
