using System.Runtime.InteropServices;
using IotOps.Logs.Files;

namespace IotOps.Logs.Tail;

/// <summary>All sources, found by the file they are and by the name that rotation would derive others from.</summary>
internal sealed class SourceTable
{
    private readonly List<TailedFile> _files = [];
    private readonly Dictionary<FileIdentity, TailedFile> _byIdentity = [];
    private readonly Dictionary<FileIdentity, TailedFile> _aside = [];
    private readonly Dictionary<string, List<TailedFile>> _byStem = new(StringComparer.Ordinal);

    public ReadOnlySpan<TailedFile> Files => CollectionsMarshal.AsSpan(_files);

    public void Add(TailedFile file)
    {
        _files.Add(file);
        Claim(file);
        Name(file);
    }

    public TailedFile? Find(FileIdentity identity) => _byIdentity.GetValueOrDefault(identity);

    /// <summary>Sources last seen under this path.</summary>
    public IEnumerable<TailedFile> At(string path) =>
        _byStem.TryGetValue(FileNames.Stem(path), out List<TailedFile>? files) ? files.Where(file => file.Path == path) : [];

    /// <summary>The source that had this inode when it was seen last.</summary>
    public TailedFile? FindAside(FileIdentity identity) => _aside.GetValueOrDefault(identity);

    /// <summary>The source has no file now, and may have its own again.</summary>
    public void SetAside(TailedFile file)
    {
        Unclaim(file);
        if (file.Identity != default)
        {
            _aside[file.Identity] = file;
        }
    }

    /// <summary>The source has its file again.</summary>
    public void TakeBack(TailedFile file)
    {
        if (FindAside(file.Identity) == file)
        {
            _aside.Remove(file.Identity);
        }
    }

    /// <summary>Sources whose rotation could have made this path.</summary>
    public IEnumerable<TailedFile> OriginalsOf(string path)
    {
        foreach (string stem in FileNames.PossibleStems(path))
        {
            if (!_byStem.TryGetValue(stem, out List<TailedFile>? files))
            {
                continue;
            }

            foreach (TailedFile file in files)
            {
                if (file.IsStarted && FileNames.IsDerived(path, file.Path))
                {
                    yield return file;
                }
            }
        }
    }

    public void Rename(TailedFile file, string path, FileIdentity identity)
    {
        Unname(file);
        file.MoveTo(path, identity);
        Claim(file);
        Name(file);
    }

    /// <summary>The file with this source's inode is this source.</summary>
    public void Claim(TailedFile file) => _byIdentity[file.Identity] = file;

    /// <summary>The file with this source's inode may be another one.</summary>
    public void Unclaim(TailedFile file)
    {
        if (Find(file.Identity) == file)
        {
            _byIdentity.Remove(file.Identity);
        }
    }

    /// <summary>The source has no file any more.</summary>
    public void Unname(TailedFile file)
    {
        Unclaim(file);
        TakeBack(file);
        string stem = FileNames.Stem(file.Path);
        if (_byStem.TryGetValue(stem, out List<TailedFile>? files) && files.Remove(file) && files.Count == 0)
        {
            _byStem.Remove(stem);
        }
    }

    /// <summary>Removes the sources that a function says may go.</summary>
    public void Forget(Func<TailedFile, bool> mayForget)
    {
        int kept = 0;
        for (int i = 0; i < _files.Count; i++)
        {
            TailedFile file = _files[i];
            if (mayForget(file))
            {
                Unname(file);
            }
            else
            {
                _files[kept++] = file;
            }
        }

        _files.RemoveRange(kept, _files.Count - kept);
    }

    private void Name(TailedFile file)
    {
        string stem = FileNames.Stem(file.Path);
        if (!_byStem.TryGetValue(stem, out List<TailedFile>? files))
        {
            _byStem[stem] = files = [];
        }

        files.Add(file);
    }
}
