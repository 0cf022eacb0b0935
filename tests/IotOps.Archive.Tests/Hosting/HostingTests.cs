using Amazon.Runtime;
using Amazon.S3;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotOps.Archive.Tests.Hosting;

public sealed class HostingTests
{
    private static readonly LogLayout Layout = new(new LogCategory { Name = "command", Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" });

    [Fact]
    public void A_host_gets_one_exporter_made_with_services_of_its_own()
    {
        int made = 0;
        using ServiceProvider provider = new ServiceCollection()
            .AddSingleton<IAmazonS3>(_ => new AmazonS3Client(new AnonymousAWSCredentials(), new AmazonS3Config { ServiceURL = "http://127.0.0.1:9" }))
            .AddIotOpsArchive(services =>
            {
                made++;
                return new LogExporterOptions { S3 = services.GetRequiredService<IAmazonS3>(), Bucket = "b", Layout = Layout };
            })
            .BuildServiceProvider();

        LogExporter exporter = provider.GetRequiredService<LogExporter>();

        provider.GetRequiredService<LogExporter>().ShouldBeSameAs(exporter);
        made.ShouldBe(1);
    }

    [Fact]
    public void Options_that_cannot_be_used_are_told_when_the_exporter_is_made()
    {
        using var s3 = new AmazonS3Client(new AnonymousAWSCredentials(), new AmazonS3Config { ServiceURL = "http://127.0.0.1:9" });
        using ServiceProvider provider = new ServiceCollection()
            .AddIotOpsArchive(new LogExporterOptions { S3 = s3, Bucket = "b", Layout = Layout, PartBytes = 1 })
            .BuildServiceProvider();

        Should.Throw<ArgumentException>(provider.GetRequiredService<LogExporter>).Message.ShouldContain("PartBytes is 1");
    }

    [Fact]
    public async Task Exports_in_the_process_use_the_hosts_exporter_log_their_failures_through_the_host_and_end_with_it()
    {
        using var log = new TestLogger();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddIotOpsArchive(_ => new LogExporterOptions
        {
            S3 = new AmazonS3Client(new AnonymousAWSCredentials(), new AmazonS3Config { ServiceURL = "http://127.0.0.1:9" }),
            Bucket = "b",
            Layout = Layout,
        });
        builder.Services.AddIotOpsExportJobs();
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        IExportJobs jobs = host.Services.GetRequiredService<IExportJobs>();
        jobs.ShouldBeSameAs(host.Services.GetRequiredService<InProcessExportJobs>());

        ExportJob job = await jobs.SubmitAsync(
            Request("nope"), TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while ((await jobs.FindAsync(job.Id, patience.Token))!.Status != ExportJobStatus.Failed)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }

        log.Entries.ShouldContain(entry => entry.Level == LogLevel.Error && entry.Message.Contains(job.Id, StringComparison.Ordinal));
        await host.StopAsync(TestContext.Current.CancellationToken);
        await Should.ThrowAsync<ObjectDisposedException>(() => jobs.SubmitAsync(Request("command"), CancellationToken.None));
    }

    [Fact]
    public void Jobs_without_an_exporter_name_what_is_missing()
    {
        using ServiceProvider provider = new ServiceCollection().AddIotOpsExportJobs("eu").BuildServiceProvider();
        Should.Throw<InvalidOperationException>(() => provider.GetRequiredKeyedService<IExportJobs>("eu")).Message.ShouldContain("AddIotOpsArchive(\"eu\", options)");
    }

    private static LogExportRequest Request(string category) => new() { Identifier = "d1", Categories = [category], Date = new DateOnly(2026, 11, 30), Id = "r1" };
}
