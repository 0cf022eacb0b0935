using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Evidence;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Pages;
using IotOps.Samples.FleetConsole.Security;
using IotOps.Samples.FleetConsole.SignIn;
using IotOps.Samples.FleetConsole.Store;
using IotOps.Samples.Logging;
using Microsoft.AspNetCore.CookiePolicy;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.FileProviders;

namespace IotOps.Samples.FleetConsole;

/// <summary>Puts the web application together.</summary>
internal static class ConsoleHost
{
    /// <param name="settings">How it runs.</param>
    /// <param name="store">What its pages are read from; not disposed with the application.</param>
    /// <param name="configure">Adds services of the caller's own, such as feeds.</param>
    /// <exception cref="CommandLine.UsageException">The console would be open to strangers.</exception>
    /// <exception cref="Configuration.ConfigException">The file of tokens cannot be used.</exception>
    public static WebApplication Build(ConsoleSettings settings, IConsoleStore store, Action<IServiceCollection>? configure = null)
    {
        ListenGuard.Check(settings);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });

        // The command line and the configuration file are complete; ASPNETCORE_URLS from somewhere must not count.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders().AddProvider(new LineLoggerProvider(Console.Error, settings.TimeProvider)).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);
        builder.WebHost.UseUrls(settings.Listen.ToString()).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 << 10;
            kestrel.Limits.MaxConcurrentConnections = 1_000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        AddServices(builder.Services, settings, store);
        configure?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        Use(app, settings);
        SignInEndpoints.Map(app, settings.SignIn);
        ThemeEndpoint.Map(app);
        ConsolePages.Map(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, ConsoleSettings settings, IConsoleStore store)
    {
        services.AddSingleton(settings).AddSingleton(settings.TimeProvider).AddSingleton(store);
        services.AddSingleton<IConsoleAudit>(store);
        services.AddSingleton<PageFrame>().AddSingleton<SignInAudit>().AddSingleton<ActLog>().AddSingleton<PageAnswer>();
        if (settings.Quarantine is { } quarantine)
        {
            services.AddSingleton(quarantine.Make(settings.TimeProvider));
        }

        services.AddSingleton<QuarantineDesk>().AddHostedService(static provider => provider.GetRequiredService<QuarantineDesk>());
        services.AddSingleton<IndexSearch>().AddSingleton<EvidenceSources>();
        services.AddSingleton<EvidenceDesk>().AddHostedService(static provider => provider.GetRequiredService<EvidenceDesk>());
        services.AddRazorComponents();
        services.AddHostFiltering(hosts => hosts.AllowedHosts = [.. ListenGuard.HostNames(settings)]);
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // The scheme and host that browsers see are the public address's, whatever a header says.
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            foreach (System.Net.IPNetwork proxies in settings.TrustedProxies)
            {
                forwarded.KnownIPNetworks.Add(proxies);
            }

            // One trusted proxy before another: addresses are taken from the end, as long as who wrote them is trusted.
            forwarded.ForwardLimit = settings.TrustedProxies.Count == 0 ? 1 : null;
        });
        IDataProtectionBuilder protection = services.AddDataProtection().SetApplicationName("FleetConsole");
        if (settings.KeyDirectory is { } keys)
        {
            protection.PersistKeysToFileSystem(Directory.CreateDirectory(keys));
        }
        else
        {
            protection.UseEphemeralDataProtectionProvider();
        }

        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "fleetconsole-form";
            antiforgery.FormFieldName = PageFrame.FormField;
            antiforgery.HeaderName = null;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        RequestLimits.Add(services);
        SignInSetup.Add(services, settings.SignIn, settings.TimeProvider);
    }

    private static void Use(WebApplication app, ConsoleSettings settings)
    {
        app.UseHostFiltering();
        app.UseForwardedHeaders();
        if (settings.PublicAddress is { } outside)
        {
            // What the browser sees: links of an OpenID provider lead back to it.
            app.Use((context, next) =>
            {
                context.Request.Scheme = outside.Scheme;
                context.Request.Host = new HostString(outside.Authority);
                return next(context);
            });
        }

        SecurityHeaders.Use(app, settings);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = FailureResponse.WriteAsync });

        // Browsers take a Secure cookie from loopback without TLS as well, so there is one rule for all cookies.
        app.UseCookiePolicy(new CookiePolicyOptions { Secure = CookieSecurePolicy.Always, HttpOnly = HttpOnlyPolicy.Always, MinimumSameSitePolicy = SameSiteMode.Lax });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new EmbeddedFileProvider(typeof(ConsoleHost).Assembly, $"{typeof(ConsoleHost).Namespace}.wwwroot"),
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "public, max-age=300",
        });
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
    }
}
