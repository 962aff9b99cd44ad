//! Pools and volumes on the shared storage, on a full one, and where there is none.

use host::*;
use uuid::Uuid;

use crate::world::*;

fn fresh(pool: &PoolRef) -> VolumeRef {
    VolumeRef { pool: pool.clone(), volume: Uuid::new_v4().to_string() }
}

#[tokio::test]
async fn an_uploaded_image_is_what_it_says() {
    let _lab = shared().await;
    let host = connect(1);
    let image = host.volume(&image(&*host).await).await.unwrap();
    assert_eq!(image.format.as_deref(), Some("qcow2"));
    assert!(image.capacity > 1 << 20 && image.backing.is_none(), "{image:?}");
}

#[tokio::test]
async fn another_host_sees_a_new_volume_and_a_removed_one() {
    let _lab = shared().await;
    let (one, two) = (connect(1), connect(2));
    let pool = pool("seen");
    two.open_pool(&pool).await.unwrap();
    one.open_pool(&pool).await.unwrap();
    let at = fresh(&pool);
    for _ in 0..2 {
        one.create_volume(&thin(&at, 1 << 30, None)).await.unwrap();
    }
    let seen = two.volume(&at).await.unwrap();
    assert_eq!((seen.capacity, seen.format.as_deref()), (1 << 30, Some("qcow2")));
    assert!(seen.allocation < 1 << 20, "thin takes little: {}", seen.allocation);
    assert!(two.volumes(&pool).await.unwrap().iter().any(|v| v.name == at.volume));
    two.create_volume(&thin(&at, 1 << 30, None)).await.expect("it is there already");
    assert!(matches!(two.create_volume(&thin(&at, 2 << 30, None)).await, Err(HostError::Exists(_))));
    two.delete_volume(&at).await.unwrap();
    assert!(matches!(one.volume(&at).await, Err(HostError::NotFound(_))));
}

#[tokio::test]
async fn a_volume_on_another_is_small_and_knows_it() {
    let _lab = shared().await;
    let host = connect(1);
    let base = image(&*host).await;
    let at = fresh(&base.pool);
    let size = host.volume(&base).await.unwrap().capacity;
    host.create_volume(&thin(&at, size, Some(&base))).await.unwrap();
    let made = host.volume(&at).await.unwrap();
    host.delete_volume(&at).await.unwrap();
    assert_eq!(made.backing, Some(base.path()));
    assert_eq!(made.capacity, size);
}

#[tokio::test]
async fn a_preallocated_volume_takes_its_whole_size() {
    let _lab = shared().await;
    let host = connect(1);
    let at = fresh(&pool("raw"));
    host.open_pool(&at.pool).await.unwrap();
    host.create_volume(&preallocated(&at, 20 << 20)).await.unwrap();
    let made = host.volume(&at).await.unwrap();
    host.delete_volume(&at).await.unwrap();
    assert_eq!((made.capacity, made.format.as_deref()), (20 << 20, Some("raw")));
    assert!(made.allocation >= 20 << 20, "{}", made.allocation);
}

/// Volumes that take all the room there is.
async fn fill(host: &dyn HostDriver, pool: &PoolRef) -> Vec<VolumeRef> {
    let mut made = Vec::new();
    for size in [8 << 20, 1 << 20, 64 << 10, 4 << 10] {
        loop {
            let at = fresh(pool);
            match host.create_volume(&preallocated(&at, size)).await {
                Ok(()) => made.push(at),
                Err(HostError::NoSpace(_)) => break,
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    made
}

#[tokio::test]
async fn a_full_storage_says_so_and_keeps_nothing() {
    let _lab = shared().await;
    let host = connect(1);
    let pool = small_pool();
    let room = host.open_pool(&pool).await.unwrap().available;
    for size in [room + (1 << 20), room * 100] {
        let at = fresh(&pool);
        let refused = host.create_volume(&preallocated(&at, size)).await;
        assert!(matches!(refused, Err(HostError::NoSpace(_))), "{refused:?}");
        assert!(matches!(host.volume(&at).await, Err(HostError::NotFound(_))));
    }
    assert_eq!(host.open_pool(&pool).await.unwrap().available, room);

    // Not even the little that a thin volume begins with.
    let filling = fill(&*host, &pool).await;
    let at = fresh(&pool);
    let refused = host.create_volume(&thin(&at, 1 << 30, None)).await;
    let there = host.volume(&at).await;
    for volume in &filling {
        host.delete_volume(volume).await.unwrap();
    }
    assert!(matches!(refused, Err(HostError::NoSpace(_))), "{refused:?}");
    assert!(matches!(there, Err(HostError::NotFound(_))), "{there:?}");

    // libvirtd would die of an image that does not fit, if it were let try.
    let at = fresh(&pool);
    host.create_volume(&thin(&at, 1 << 30, None)).await.unwrap();
    let length = room + (8 << 20);
    let data = std::io::Read::take(std::io::repeat(7), length);
    let refused = host.upload(&at, Box::new(data), length).await;
    host.delete_volume(&at).await.unwrap();
    assert!(matches!(refused, Err(HostError::NoSpace(_))), "{refused:?}");
}

#[tokio::test]
async fn data_that_ends_early_is_no_upload() {
    let _lab = shared().await;
    let host = connect(1);
    let at = fresh(&pool("short"));
    host.open_pool(&at.pool).await.unwrap();
    host.create_volume(&thin(&at, 1 << 30, None)).await.unwrap();
    let refused = host.upload(&at, Box::new(std::io::Cursor::new(vec![1; 1000])), 5000).await;
    assert!(
        matches!(&refused, Err(HostError::Failed(t)) if t.contains("ended 4000 bytes early")),
        "{refused:?}"
    );
    host.delete_volume(&at).await.unwrap();
}

#[tokio::test]
async fn a_missing_directory_is_named_and_leaves_no_pool() {
    let _lab = shared().await;
    let host = connect(1);
    let nowhere = PoolRef { pool: Uuid::new_v4().to_string(), path: "/srv/no-such-directory".into() };
    let refused = host.open_pool(&nowhere).await;
    assert!(matches!(&refused, Err(HostError::NotFound(t)) if t.contains(&nowhere.path)), "{refused:?}");
    assert!(!lab(1, &["virsh", "pool-list", "--all", "--name"]).contains(&nowhere.pool));
    for _ in 0..2 {
        host.close_pool(&nowhere).await.unwrap();
    }
}

#[tokio::test]
async fn a_pool_that_moved_is_opened_where_it_is_now() {
    let _lab = shared().await;
    let host = connect(1);
    let (old, new) = (pool("old"), pool("new"));
    host.open_pool(&old).await.unwrap();
    let moved = PoolRef { pool: old.pool.clone(), path: new.path };
    host.open_pool(&moved).await.unwrap();
    let known = lab(1, &["virsh", "pool-dumpxml", &moved.pool]);
    host.close_pool(&moved).await.unwrap();
    assert!(known.contains(&moved.path), "{known}");
}

#[tokio::test]
async fn an_image_that_would_show_a_file_of_the_host_is_refused() {
    let _lab = shared().await;
    let host = connect(1);
    let base = image(&*host).await;
    let at = fresh(&base.pool);
    host.create_volume(&thin(&at, 1 << 20, None)).await.unwrap();
    let mut image = b"QFI\xfb\0\0\0\x03\0\0\0\0\0\0\x02\0\0\0\0\x0b".to_vec();
    image.resize(512, 0);
    image.extend(b"/etc/shadow");
    let length = image.len() as u64;
    let refused = host.upload(&at, Box::new(std::io::Cursor::new(image)), length).await;
    let there = host.volume(&at).await.unwrap();
    host.delete_volume(&at).await.unwrap();
    assert!(matches!(&refused, Err(HostError::Failed(t)) if t.contains("another file")), "{refused:?}");
    assert_eq!(there.backing, None, "nothing of it was written");
}

#[tokio::test]
async fn a_directory_belongs_to_one_pool() {
    let _lab = shared().await;
    let host = connect(2);
    let pool = pool("claimed");
    host.open_pool(&pool).await.unwrap();
    let other = PoolRef { pool: Uuid::new_v4().to_string(), ..pool.clone() };
    let refused = host.open_pool(&other).await;
    host.close_pool(&pool).await.unwrap();
    assert!(matches!(&refused, Err(HostError::Exists(t)) if t.contains("same directory")), "{refused:?}");
}
