using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Defender;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.Logs;
using IotOps.Mqtt;
using IotOps.Shadow;
using IotOps.Slack;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Metric = OpenTelemetry.Metrics.Metric;

namespace IotOps.Hosting.Tests;

/// <summary>What OpenTelemetry collects of packages at work, in their process.</summary>
[Collection("meters and spans are the process's")]
public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly List<Metric> _metrics = [];
    private readonly ConcurrentQueue<Activity> _spans = new();
    private AwsEmulator _aws = null!;
    private MeterProvider _meters = null!;
    private TracerProvider _tracers = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync();
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter("IotOps.*").AddInMemoryExporter(_metrics).Build();
        _tracers = Sdk.CreateTracerProviderBuilder().AddSource("IotOps.*").AddProcessor(new SimpleActivityExportProcessor(new Kept(_spans))).Build();
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        _tracers.Dispose();
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_device_counts_and_traces_what_it_ships_publishes_shadows_and_reports()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddIotOpsMqtt(new MqttConnectionOptions { ClientId = "pump", Host = "localhost", Port = _aws.Mqtt.Port, Tls = null });
        builder.Services.AddIotOpsLogs(new LogShipperOptions
        {
            StateDirectory = _directory["logs"],
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            Endpoint = _aws.Endpoint,
            FlushInterval = TimeSpan.FromMilliseconds(50),
        });
        builder.Services.AddIotOpsShadow(provider => new ShadowCacheOptions
        {
            Connection = provider.GetRequiredService<IMqttConnection>(),
            ThingName = "pump",
            StateDirectory = _directory["shadow"],
        });
        builder.Services.AddIotOpsDefender(provider => new DefenderPublisherOptions
        {
            Connection = provider.GetRequiredService<IMqttConnection>(),
            ThingName = "pump",
            Jitter = TimeSpan.Zero,
            Collect = report =>
            {
                report.SetCustomMetric("rpm", CustomMetricValue.Number(900));
                return null;
            },
        });
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        host.Services.GetRequiredService<LogShipper>().TryWrite("g", "s", TimeProvider.System.GetUtcNow(), "one"u8).ShouldBeTrue();
        await host.Services.GetRequiredService<ShadowCache>()[ShadowId.Classic].Reported.SetAsync("on", true);
        await host.Services.GetRequiredService<IMqttConnection>().PublishAsync("a/b", "x"u8.ToArray(), cancellationToken: Cancelled);

        await SeenAsync("logs put", "aws call", "mqtt connect", "mqtt publish", "shadow request", "defender report");
        Of("logs put").GetTagItem("aws.log.group.name").ShouldBe("g");
        Of("aws call", span => span.GetTagItem("rpc.method") is "PutLogEvents").GetTagItem("rpc.service").ShouldBe("logs");
        Of("mqtt publish", span => span.GetTagItem("messaging.destination.name") is "a/b").Status.ShouldBe(ActivityStatusCode.Unset);
        Of("shadow request").GetTagItem("operation").ShouldNotBeNull();
        Collect();
        Sum("iotops.logs.accepted").ShouldBeGreaterThanOrEqualTo(1);
        Sum("iotops.aws.attempts").ShouldBeGreaterThanOrEqualTo(1);
        Sum("iotops.mqtt.connections").ShouldBeGreaterThanOrEqualTo(1);
        Sum("iotops.shadow.requests").ShouldBeGreaterThanOrEqualTo(1);
        Sum("iotops.defender.published").ShouldBeGreaterThanOrEqualTo(1);
        _metrics.Single(metric => metric.Name == "iotops.aws.call.duration").Unit.ShouldBe("s");
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_worker_counts_and_traces_exports_posts_checks_and_messages()
    {
        using var s3 = new AmazonS3Client(new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey), new AmazonS3Config { ServiceURL = _aws.Endpoint.ToString(), ForcePathStyle = true });
        var exporter = new LogExporter(new LogExporterOptions
        {
            S3 = s3,
            Bucket = "absent",
            Layout = new LogLayout(new LogCategory { Name = "command", Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" }),
            Retry = AwsRetryOptions.None,
        });
        await Should.ThrowAsync<Exception>(() => exporter.ExportAsync(
            new LogExportRequest { Identifier = "d1", Categories = ["command"], Date = new DateOnly(2026, 11, 30) }, cancellationToken: Cancelled));

        var verifier = new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = ["secret"] });
        await verifier.VerifyAsync(new SlackRequestHeaders(null, null), Encoding.UTF8.GetBytes("command=x"), Cancelled);
        Uri url = _aws.Slack.CreateResponseUrl();
        using (var responder = new SlackResponder(new SlackResponderOptions { AllowedHosts = [url.Authority] }))
        {
            await responder.Open(url, TimeProvider.System.GetUtcNow()).PostAsync(SlackPostKind.Done, SlackResponse.Ephemeral(new SlackMessage("done")), Cancelled);
        }

        EmulatedQueue queue = _aws.Sqs.CreateQueue("events");
        queue.Send("no JSON");
        using var sqs = new AwsClient(new AwsClientOptions { Service = EventQueueReader.Service, Region = "us-east-1", Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey), Endpoint = _aws.Endpoint });
        await new EventQueueReader(new EventQueueOptions { Client = sqs, QueueUrl = queue.Url.ToString(), Router = new EventRouter(new EventRouterOptions { Routes = [] }) }).DrainAsync(Cancelled);

        await SeenAsync("archive export", "slack post", "fleet message");
        Of("archive export").Status.ShouldBe(ActivityStatusCode.Error);
        Of("fleet message").Status.ShouldBe(ActivityStatusCode.Error);
        Collect();
        Sum("iotops.archive.export.duration").ShouldBeGreaterThanOrEqualTo(1);
        Sum("iotops.slack.posts").ShouldBeGreaterThanOrEqualTo(1);
        Sum("iotops.slack.verifications").ShouldBeGreaterThanOrEqualTo(1);
        Sum("iotops.fleet.messages").ShouldBeGreaterThanOrEqualTo(1);
        _spans.ShouldAllBe(span => !span.TagObjects.Any(tag => tag.Value is string && tag.Value.ToString()!.Contains(_aws.SecretAccessKey, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_connections_of_a_process_are_counted_apart()
    {
        await using var one = new MqttConnection(new MqttConnectionOptions { ClientId = "one", Host = "localhost", Port = _aws.Mqtt.Port, Tls = null });
        await using var two = new MqttConnection(new MqttConnectionOptions { ClientId = "two", Host = "localhost", Port = _aws.Mqtt.Port, Tls = null });
        await one.ConnectAsync(Cancelled);
        await two.ConnectAsync(Cancelled);
        await one.PublishAsync("a", default, cancellationToken: Cancelled);

        Collect();
        Sum("iotops.mqtt.connections").ShouldBe(2);
        Sum("iotops.mqtt.published").ShouldBe(1);
    }

    private void Collect() => _meters.ForceFlush().ShouldBeTrue();

    private Activity Of(string name, Func<Activity, bool>? which = null) => _spans.First(span => span.OperationName == name && (which is null || which(span)));

    private double Sum(string name)
    {
        double sum = 0;
        foreach (Metric metric in _metrics.Where(metric => metric.Name == name))
        {
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                sum += metric.MetricType == MetricType.Histogram ? point.GetHistogramCount() : point.GetSumLong();
            }
        }

        return sum;
    }

    private async Task SeenAsync(params string[] names)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        string[] missing = names;
        while (missing.Length > 0)
        {
            patience.IsCancellationRequested.ShouldBeFalse($"There is no span {string.Join(", ", missing)}.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            missing = [.. names.Except(_spans.Select(span => span.OperationName), StringComparer.Ordinal)];
        }
    }

    // The exporter in memory has a plain list, which the packages' threads would fill at once.
    private sealed class Kept(ConcurrentQueue<Activity> spans) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (Activity span in batch)
            {
                spans.Enqueue(span);
            }

            return ExportResult.Success;
        }
    }
}
