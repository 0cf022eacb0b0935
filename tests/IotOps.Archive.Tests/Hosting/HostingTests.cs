using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

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
}
